import java.io.FileInputStream;
import java.util.Set;
import java.util.TreeSet;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Checks files against standards: `java Check.java 2a,ua1 FILE…`. One line for each rule that is broken; none is good. */
public class Check {
  public static void main(String[] arguments) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    for (int n = 1; n < arguments.length; n++) {
      for (String standard : arguments[0].split(",")) {
        check(arguments[n], PDFAFlavour.fromString(standard));
      }
    }
    System.out.println("checked " + (arguments.length - 1));
  }

  private static void check(String file, PDFAFlavour standard) throws Exception {
    try (FileInputStream body = new FileInputStream(file);
        PDFAParser parser = Foundries.defaultInstance().createParser(body, standard);
        PDFAValidator validator = Foundries.defaultInstance().createValidator(standard, false)) {
      ValidationResult result = validator.validate(parser);
      Set<String> broken = new TreeSet<>();
      for (TestAssertion assertion : result.getTestAssertions()) {
        if (assertion.getStatus() == TestAssertion.Status.FAILED) {
          broken.add(assertion.getRuleId().getClause() + " " + assertion.getMessage());
        }
      }
      for (String rule : broken) {
        System.out.println(file + " " + standard + ": " + rule);
      }
      if (!result.isCompliant() && broken.isEmpty()) {
        System.out.println(file + " " + standard + ": not compliant");
      }
    }
  }
}
