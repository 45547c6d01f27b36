//! Scalars and points of the curves, whichever curve it is.
//!
//! Standard: SEC 1, 2.3.3 and 2.3.4 (points as bytes); Doc 9303-11, 4.4.3.3.1 (generic mapping), 9.5 (validation).
//! Invariant: a [`Point`] lies on its curve and is not the point at infinity; both curves have cofactor 1, so it
//! generates the whole group. A [`Secret`] is a scalar from 1 to the order minus 1.
//! Start reading at [`Point`].

use alloc::vec::Vec;

use bp256::BrainpoolP256r1;
use lds::Curve;
use p256::NistP256;
use p256::elliptic_curve::group::Group;
use p256::elliptic_curve::ops::Reduce;
use p256::elliptic_curve::sec1::{FromSec1Point, ModulusSize, Sec1Point, ToSec1Point};
use p256::elliptic_curve::{
    AffinePoint, CurveArithmetic, FieldBytes, FieldBytesSize, ProjectivePoint, Scalar, ff::PrimeField,
};
use zeroize::Zeroizing;

use crate::{Entropy, Error};

/// A point of a curve, uncompressed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Point {
    curve: Curve,
    bytes: Vec<u8>,
}

/// A secret scalar.
#[derive(Clone)]
pub struct Secret {
    curve: Curve,
    bytes: Zeroizing<Vec<u8>>,
}

impl core::fmt::Debug for Secret {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Secret({})", self.curve.name())
    }
}

/// Runs one generic function on the curve meant.
macro_rules! on_curve {
    ($curve:expr, $function:ident($($argument:expr),*)) => {
        match $curve {
            Curve::P256 => $function::<NistP256>($($argument),*),
            Curve::BrainpoolP256r1 => $function::<BrainpoolP256r1>($($argument),*),
        }
    };
}

impl Point {
    /// The curve's standard generator.
    pub fn generator(curve: Curve) -> Point {
        let bytes = on_curve!(curve, generator());
        Point { curve, bytes }
    }

    /// Reads an uncompressed point and checks that it lies on the curve.
    ///
    /// # Errors
    /// [`Error::Point`] otherwise.
    pub fn parse(curve: Curve, bytes: &[u8]) -> Result<Point, Error> {
        if bytes.len() != 2 * curve.coordinate_len() + 1 || bytes.first() != Some(&4) {
            return Err(Error::Point);
        }
        if !on_curve!(curve, is_point(bytes)) {
            return Err(Error::Point);
        }
        Ok(Point { curve, bytes: bytes.to_vec() })
    }

    /// The curve on which it lies.
    pub fn curve(&self) -> Curve {
        self.curve
    }

    /// 04 x y.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The first coordinate: what key agreement takes.
    pub fn x(&self) -> &[u8] {
        self.bytes.get(1..=self.curve.coordinate_len()).unwrap_or_default()
    }

    /// This point times a secret.
    ///
    /// # Errors
    /// [`Error::Point`] where the curves differ.
    pub fn times(&self, secret: &Secret) -> Result<Point, Error> {
        if self.curve != secret.curve {
            return Err(Error::Point);
        }
        let bytes = on_curve!(self.curve, multiply(&self.bytes, &secret.bytes)).ok_or(Error::Point)?;
        Ok(Point { curve: self.curve, bytes })
    }

    /// The generic mapping: nonce times generator, plus this shared point.
    ///
    /// # Errors
    /// [`Error::Point`] where the sum is the point at infinity or the nonce is longer than a scalar.
    pub(crate) fn map(&self, nonce: &[u8]) -> Result<Point, Error> {
        let bytes = on_curve!(self.curve, map(&self.bytes, nonce)).ok_or(Error::Point)?;
        Ok(Point { curve: self.curve, bytes })
    }
}

impl Secret {
    /// A fresh secret. Bytes that are no scalar of the curve are thrown away and drawn again.
    pub fn generate(curve: Curve, entropy: &mut dyn Entropy) -> Secret {
        loop {
            let mut bytes = Zeroizing::new(alloc::vec![0; curve.coordinate_len()]);
            entropy.fill(&mut bytes);
            if let Some(secret) = Secret::from_bytes(curve, &bytes) {
                return secret;
            }
        }
    }

    /// The secret with these big-endian bytes; none where they are no scalar from 1 to the order minus 1.
    pub fn from_bytes(curve: Curve, bytes: &[u8]) -> Option<Secret> {
        on_curve!(curve, is_scalar(bytes)).then(|| Secret { curve, bytes: Zeroizing::new(bytes.to_vec()) })
    }

    /// The secret's bytes, for storage in the chip.
    pub fn expose(&self) -> &[u8] {
        &self.bytes
    }

    /// Its curve.
    pub fn curve(&self) -> Curve {
        self.curve
    }

    /// The public point that belongs to it.
    pub fn public(&self) -> Point {
        let bytes = on_curve!(self.curve, public(&self.bytes));
        Point { curve: self.curve, bytes }
    }
}

/// What a curve must be able to do here.
trait Arithmetic:
    CurveArithmetic<AffinePoint: FromSec1Point<Self> + ToSec1Point<Self>, FieldBytesSize: ModulusSize>
{
}
impl<C: CurveArithmetic<AffinePoint: FromSec1Point<C> + ToSec1Point<C>, FieldBytesSize: ModulusSize>> Arithmetic for C {}

fn point<C: Arithmetic>(bytes: &[u8]) -> Option<ProjectivePoint<C>> {
    let encoded = Sec1Point::<C>::from_bytes(bytes).ok()?;
    let affine: AffinePoint<C> = Option::from(AffinePoint::<C>::from_sec1_point(&encoded))?;
    let projective = ProjectivePoint::<C>::from(affine);
    (!bool::from(projective.is_identity())).then_some(projective)
}

fn bytes<C: Arithmetic>(point: ProjectivePoint<C>) -> Option<Vec<u8>> {
    let affine: AffinePoint<C> = point.into();
    (!bool::from(point.is_identity())).then(|| affine.to_sec1_point(false).as_bytes().to_vec())
}

fn scalar<C: Arithmetic>(bytes: &[u8]) -> Option<Scalar<C>> {
    let repr = FieldBytes::<C>::try_from(bytes).ok()?;
    let scalar: Scalar<C> = Option::from(Scalar::<C>::from_repr(repr))?;
    (scalar != Scalar::<C>::default()).then_some(scalar)
}

fn is_point<C: Arithmetic>(bytes: &[u8]) -> bool {
    point::<C>(bytes).is_some()
}

fn is_scalar<C: Arithmetic>(bytes: &[u8]) -> bool {
    scalar::<C>(bytes).is_some()
}

fn generator<C: Arithmetic>() -> Vec<u8> {
    bytes::<C>(ProjectivePoint::<C>::generator()).unwrap_or_default()
}

fn public<C: Arithmetic>(secret: &[u8]) -> Vec<u8> {
    let scalar = scalar::<C>(secret).unwrap_or_default();
    bytes::<C>(ProjectivePoint::<C>::mul_by_generator(&scalar)).unwrap_or_default()
}

fn multiply<C: Arithmetic>(base: &[u8], secret: &[u8]) -> Option<Vec<u8>> {
    bytes::<C>(point::<C>(base)? * scalar::<C>(secret)?)
}

fn map<C: Arithmetic>(shared: &[u8], nonce: &[u8]) -> Option<Vec<u8>> {
    let mut wide = FieldBytes::<C>::default();
    let at = wide.len().checked_sub(nonce.len())?;
    wide.get_mut(at..)?.copy_from_slice(nonce);
    let nonce = <Scalar<C> as Reduce<FieldBytes<C>>>::reduce(&wide);
    bytes::<C>(ProjectivePoint::<C>::mul_by_generator(&nonce) + point::<C>(shared)?)
}

// The size of a field element is what lengths above are compared with.
const _: () = {
    use p256::elliptic_curve::array::typenum::Unsigned;
    assert!(<FieldBytesSize<NistP256> as Unsigned>::USIZE == 32);
    assert!(<FieldBytesSize<BrainpoolP256r1> as Unsigned>::USIZE == 32);
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_agree() {
        for curve in Curve::ALL {
            let mut next = 0u8;
            let mut entropy = |out: &mut [u8]| {
                next += 1;
                out.fill(next);
            };
            let (a, b) = (Secret::generate(curve, &mut entropy), Secret::generate(curve, &mut entropy));
            assert_eq!(b.public().times(&a), a.public().times(&b));
            assert_eq!(a.public(), Point::generator(curve).times(&a).unwrap());
            assert_eq!(Point::parse(curve, a.public().as_bytes()), Ok(a.public()));
        }
    }

    #[test]
    fn refuses_what_is_no_point_or_scalar() {
        for curve in Curve::ALL {
            let mut bytes = Point::generator(curve).as_bytes().to_vec();
            bytes[64] ^= 1;
            assert_eq!(Point::parse(curve, &bytes), Err(Error::Point));
            for bytes in [&[][..], &[0], &[4; 64], &[0; 65], &[2; 33]] {
                assert_eq!(Point::parse(curve, bytes), Err(Error::Point));
            }
            assert!(Secret::from_bytes(curve, &[0; 32]).is_none() && Secret::from_bytes(curve, &[0xFF; 32]).is_none());
        }
        let other = Point::generator(Curve::P256);
        assert_eq!(Point::parse(Curve::BrainpoolP256r1, other.as_bytes()), Err(Error::Point));
    }
}
