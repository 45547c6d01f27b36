package vandan.interop;

import java.io.FileInputStream;
import java.util.Map;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.RuleId;

/** Asks veraPDF whether files are PDF/A-2b; one line of JSON for each, and the rules that failed. */
public final class Judge {
    private Judge() {}

    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        boolean good = files.length > 0;
        for (String file : files) {
            good &= judge(file);
        }
        System.exit(good ? 0 : 1);
    }

    private static boolean judge(String file) throws Exception {
        PDFAFlavour flavour = PDFAFlavour.PDFA_2_B;
        try (FileInputStream bytes = new FileInputStream(file);
                PDFAParser parser = Foundries.defaultInstance().createParser(bytes, flavour);
                PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
            ValidationResult result = validator.validate(parser);
            Map<RuleId, Integer> failed = result.getFailedChecks();
            System.out.printf(
                    "{\"judge\":\"veraPDF\",\"profile\":\"%s\",\"file\":\"%s\",\"checks\":%d,\"failed_rules\":%d}%n",
                    result.getPDFAFlavour().getId(),
                    file.substring(file.lastIndexOf('/') + 1),
                    result.getTotalAssertions(),
                    failed.size());
            for (Map.Entry<RuleId, Integer> rule : failed.entrySet()) {
                RuleId id = rule.getKey();
                System.out.printf("  failed: clause %s, test %d, %d times%n", id.getClause(), id.getTestNumber(), rule.getValue());
            }
            return result.isCompliant() && failed.isEmpty();
        }
    }
}
