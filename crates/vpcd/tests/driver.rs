//! The card against a driver of our own: powers, resets, the ATR, commands, and hanging up.

#![allow(clippy::unwrap_used, reason = "a test")]

mod person;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use vpcd::{Interface, Served, Settings, emulate};

/// The driver's side of one connection.
struct Driver(TcpStream);

impl Driver {
    fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(&[&(bytes.len() as u16).to_be_bytes()[..], bytes].concat()).unwrap();
    }

    fn receive(&mut self) -> Vec<u8> {
        let mut len = [0; 2];
        self.0.read_exact(&mut len).unwrap();
        let mut bytes = vec![0; usize::from(u16::from_be_bytes(len))];
        self.0.read_exact(&mut bytes).unwrap();
        bytes
    }
}

fn with_card(once: bool, script: impl FnOnce(&mut Driver) + Send) -> Result<Served, vpcd::Error> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let image = person::card(&person::Keys::new(3), &issuance::Profile::default(), &person::holder(500), 1);
    thread::scope(|scope| {
        scope.spawn(move || script(&mut Driver(listener.accept().unwrap().0)));
        let settings = Settings { address, interface: Interface::Contactless, once };
        emulate(&image, &settings, &mut person::seeded(1), || {})
    })
}

#[test]
fn answers_the_driver_until_it_hangs_up() {
    let served = with_card(false, |driver| {
        driver.send(&[1]);
        driver.send(&[4]);
        assert_eq!(driver.receive()[0], 0x3B);
        driver.send(&[0x00, 0xB0, 0x9C, 0, 0]);
        assert!(driver.receive().ends_with(&[0x90, 0]));
        for control in [[2], [0], [1], [9]] {
            driver.send(&control);
        }
        driver.send(&[]);
        driver.send(&[0x00, 0xB0]);
        assert_eq!(driver.receive(), [0x67, 0]);
    });
    assert_eq!(served.unwrap(), Served { commands: 2, power_ons: 2 });
}

#[test]
fn leaves_after_one_use_where_asked_to() {
    let served = with_card(true, |driver| {
        for control in [[1], [0], [1]] {
            driver.send(&control);
        }
        driver.send(&[0x00, 0xB0, 0x9C, 0, 0]);
        driver.receive();
        driver.send(&[0]);
        assert_eq!(driver.0.read(&mut [0; 1]).unwrap(), 0);
    });
    assert_eq!(served.unwrap(), Served { commands: 1, power_ons: 2 });
}

#[test]
fn a_frame_cut_off_is_an_error() {
    let cut = with_card(false, |driver| driver.0.write_all(&[0, 9, 1, 2]).unwrap());
    assert_eq!(cut.unwrap_err().code(), "vpcd-connection");
}
