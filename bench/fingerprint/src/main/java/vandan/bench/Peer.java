package vandan.bench;

import com.machinezoo.sourceafis.FingerprintImage;
import com.machinezoo.sourceafis.FingerprintImageOptions;
import com.machinezoo.sourceafis.FingerprintMatcher;
import com.machinezoo.sourceafis.FingerprintTemplate;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/**
 * SourceAFIS as the judge and the stopwatch want it.
 *
 * <p>{@code Peer batch}: lines of two paths and two resolutions in, one score a line out. {@code Peer time FOLDER}: CPU time of one
 * thread for each extraction and each comparison, as JSON, after a first round that warms the machine up.
 */
final class Peer {
  private static final Map<String, FingerprintTemplate> KNOWN = new HashMap<>();

  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 2 && arguments[0].equals("time")) {
      time(new File(arguments[1]));
    } else {
      batch();
    }
  }

  private static void batch() throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String score = "nan";
      try {
        String[] fields = line.split("\t");
        FingerprintTemplate a = known(fields[0], Double.parseDouble(fields[2]));
        FingerprintTemplate b = known(fields[1], Double.parseDouble(fields[3]));
        score = Double.toString(new FingerprintMatcher(a).match(b));
      } catch (Exception failed) {
        System.err.println(failed);
      }
      System.out.println(score);
      System.out.flush();
    }
  }

  private static FingerprintTemplate known(String path, double dpi) throws Exception {
    FingerprintTemplate template = KNOWN.get(path);
    if (template == null) {
      template = extract(ImageIO.read(new File(path)), dpi);
      KNOWN.put(path, template);
    }
    return template;
  }

  private static FingerprintTemplate extract(BufferedImage image, double dpi) {
    int width = image.getWidth();
    int height = image.getHeight();
    int[] samples = image.getRaster().getSamples(0, 0, width, height, 0, (int[]) null);
    byte[] pixels = new byte[samples.length];
    for (int at = 0; at < samples.length; at++) {
      pixels[at] = (byte) samples[at];
    }
    FingerprintImageOptions options = new FingerprintImageOptions().dpi(dpi);
    return new FingerprintTemplate(new FingerprintImage(width, height, pixels, options));
  }

  private static void time(File folder) throws Exception {
    List<FingerprintTemplate> templates = new ArrayList<>();
    double[] extraction = new double[0];
    double[] matching = new double[0];
    for (int round = 0; round < 2; round++) {
      templates.clear();
      List<Double> extractions = new ArrayList<>();
      for (String database : new String[] {"DB1_B", "DB2_B", "DB3_B", "DB4_B"}) {
        for (int finger = 101; finger <= 110; finger++) {
          for (int impression = 1; impression <= 8; impression++) {
            File file = new File(folder, database + "/" + finger + "_" + impression + ".tif");
            BufferedImage image = ImageIO.read(file);
            double begun = cpu();
            templates.add(extract(image, database.equals("DB2_B") ? 569 : 500));
            extractions.add((cpu() - begun) / 1e6);
          }
        }
      }
      extraction = sorted(extractions);
      List<Double> matches = new ArrayList<>();
      double sum = 0;
      for (int probe = 0; probe < templates.size(); probe += 8) {
        double begun = cpu();
        // As in a search: one probe, many candidates.
        FingerprintMatcher matcher = new FingerprintMatcher(templates.get(probe));
        for (FingerprintTemplate candidate : templates) {
          sum += matcher.match(candidate);
        }
        matches.add((cpu() - begun) / 1e3 / templates.size());
      }
      matching = sorted(matches);
      if (Double.isNaN(sum)) {
        throw new IllegalStateException("no scores");
      }
    }
    System.out.printf(
        "{\"engine\":\"SourceAFIS\",\"extract_p50_ms\":%.2f,\"extract_p99_ms\":%.2f,\"decision_us\":%.1f}%n",
        extraction[extraction.length / 2],
        extraction[extraction.length * 99 / 100],
        Arrays.stream(matching).average().orElse(0));
  }

  private static double[] sorted(List<Double> values) {
    double[] all = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(all);
    return all;
  }

  /** Nanoseconds of this thread. */
  private static double cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
