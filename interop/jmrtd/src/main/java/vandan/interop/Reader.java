package vandan.interop;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.Security;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.smartcardio.CardTerminal;
import javax.smartcardio.TerminalFactory;
import net.sf.scuba.smartcards.CardService;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jmrtd.PACEKeySpec;
import org.jmrtd.PassportService;
import org.jmrtd.lds.CardAccessFile;
import org.jmrtd.lds.ChipAuthenticationInfo;
import org.jmrtd.lds.ChipAuthenticationPublicKeyInfo;
import org.jmrtd.lds.PACEInfo;
import org.jmrtd.lds.SODFile;
import org.jmrtd.lds.SecurityInfo;
import org.jmrtd.lds.icao.DG14File;
import org.jmrtd.lds.icao.DG1File;
import org.jmrtd.lds.icao.DG2File;

/**
 * Reads a card as JMRTD does: PACE with the access number, chip authentication, all files, passive authentication.
 * Usage: Reader CAN CSCA.cer TIMES. Prints one JSON line; exits 0 if every read was complete and genuine, 1 otherwise.
 */
public final class Reader {
    private record Group(int number, short file) {}

    private static final Group[] GROUPS = {
        new Group(1, PassportService.EF_DG1),
        new Group(2, PassportService.EF_DG2),
        new Group(13, PassportService.EF_DG13),
        new Group(14, PassportService.EF_DG14),
    };

    public static void main(String[] arguments) throws Exception {
        Security.insertProviderAt(new BouncyCastleProvider(), 1);
        String can = arguments[0];
        X509Certificate csca;
        try (InputStream in = Files.newInputStream(Path.of(arguments[1]))) {
            csca = (X509Certificate) CertificateFactory.getInstance("X.509", "BC").generateCertificate(in);
        }
        int times = Integer.parseInt(arguments[2]);
        int good = 0;
        String error = null;
        Map<String, Integer> sizes = new LinkedHashMap<>();
        long[] milliseconds = new long[times];
        for (int run = 0; run < times; run++) {
            long start = System.nanoTime();
            try {
                read(can, csca, sizes);
                good++;
            } catch (Exception exception) {
                error = exception.toString();
            }
            milliseconds[run] = (System.nanoTime() - start) / 1_000_000;
        }
        Arrays.sort(milliseconds);
        StringBuilder files = new StringBuilder();
        sizes.forEach((name, size) -> files.append(files.isEmpty() ? "" : ",").append('"' + name + "\":" + size));
        System.out.printf(
            "{\"reader\":\"jmrtd\",\"reads\":%d,\"good\":%d,\"milliseconds_median\":%d,\"files\":{%s},\"error\":%s}%n",
            times, good, milliseconds[times / 2], files, error == null ? "null" : quote(error));
        System.exit(good == times ? 0 : 1);
    }

    private static void read(String can, X509Certificate csca, Map<String, Integer> sizes) throws Exception {
        CardTerminal terminal = TerminalFactory.getDefault().terminals().list().stream()
            .filter(candidate -> candidate.getName().contains("Virtual PCD 00 00"))
            .findFirst().orElseThrow(() -> new IllegalStateException("no virtual reader"));
        PassportService service = new PassportService(
            CardService.getInstance(terminal), PassportService.NORMAL_MAX_TRANCEIVE_LENGTH,
            PassportService.DEFAULT_MAX_BLOCKSIZE, false, false);
        service.open();
        try {
            PACEInfo pace = null;
            CardAccessFile access = new CardAccessFile(service.getInputStream(PassportService.EF_CARD_ACCESS));
            for (SecurityInfo info : access.getSecurityInfos()) {
                if (info instanceof PACEInfo found) {
                    pace = found;
                }
            }
            service.doPACE(PACEKeySpec.createCANKey(can), pace.getObjectIdentifier(),
                PACEInfo.toParameterSpec(pace.getParameterId()), pace.getParameterId());
            service.sendSelectApplet(true);

            byte[] com = bytes(service, PassportService.EF_COM);
            byte[] sodBytes = bytes(service, PassportService.EF_SOD);
            sizes.put("EF.COM", com.length);
            sizes.put("EF.SOD", sodBytes.length);
            SODFile sod = new SODFile(new ByteArrayInputStream(sodBytes));
            byte[] dg14 = bytes(service, PassportService.EF_DG14);
            authenticateChip(service, new DG14File(new ByteArrayInputStream(dg14)));

            for (Group group : GROUPS) {
                byte[] file = bytes(service, group.file());
                sizes.put("DG" + group.number(), file.length);
                byte[] expected = sod.getDataGroupHashes().get(group.number());
                if (!Arrays.equals(expected, MessageDigest.getInstance(sod.getDigestAlgorithm()).digest(file))) {
                    throw new IllegalStateException("hash of DG" + group.number());
                }
                parse(group.number(), file);
            }
            verify(sod, csca);
        } finally {
            service.close();
        }
    }

    private static byte[] bytes(PassportService service, short file) throws Exception {
        try (InputStream in = service.getInputStream(file)) {
            return in.readAllBytes();
        }
    }

    /** JMRTD's own parsers must accept what they read. */
    private static void parse(int number, byte[] file) throws Exception {
        switch (number) {
            case 1 -> {
                DG1File zone = new DG1File(new ByteArrayInputStream(file));
                if (!"VNM".equals(zone.getMRZInfo().getIssuingState())) {
                    throw new IllegalStateException("issuing State in DG1");
                }
            }
            case 2 -> {
                DG2File face = new DG2File(new ByteArrayInputStream(file));
                if (face.getFaceInfos().get(0).getFaceImageInfos().get(0).getImageLength() == 0) {
                    throw new IllegalStateException("image in DG2");
                }
            }
            case 13 -> {
                if (file[0] != 0x6D) {
                    throw new IllegalStateException("tag of DG13");
                }
            }
            default -> { }
        }
    }

    private static void authenticateChip(PassportService service, DG14File options) throws Exception {
        ChipAuthenticationInfo protocol = null;
        ChipAuthenticationPublicKeyInfo key = null;
        for (SecurityInfo info : options.getSecurityInfos()) {
            if (info instanceof ChipAuthenticationInfo found) {
                protocol = found;
            }
            if (info instanceof ChipAuthenticationPublicKeyInfo found) {
                key = found;
            }
        }
        service.doEACCA(key.getKeyId(), protocol.getObjectIdentifier(), key.getObjectIdentifier(),
            key.getSubjectPublicKey());
    }

    private static void verify(SODFile sod, X509Certificate csca) throws Exception {
        X509Certificate signer = sod.getDocSigningCertificate();
        signer.verify(csca.getPublicKey());
        signer.checkValidity(new Date());
        Signature signature = Signature.getInstance(sod.getDigestEncryptionAlgorithm(), "BC");
        signature.initVerify(signer.getPublicKey());
        signature.update(sod.getEContent());
        if (!signature.verify(sod.getEncryptedDigest())) {
            throw new IllegalStateException("signature of EF.SOD");
        }
    }

    private static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\s+", " ") + '"';
    }
}
