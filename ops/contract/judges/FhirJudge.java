import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.SingleValidationMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;

/**
 * Judges FHIR R4 resources with HAPI's validator, without a network: one JSON document a line. Prints errors; ends with
 * code 1 when there are some. Claimed profiles of FHIR itself (vital signs among them) are checked.
 */
class FhirJudge {
    public static void main(String[] files) throws Exception {
        FhirContext context = FhirContext.forR4();
        ValidationSupportChain support = new ValidationSupportChain(
                new DefaultProfileValidationSupport(context),
                new CommonCodeSystemsTerminologyService(context),
                new InMemoryTerminologyServerValidationSupport(context));
        FhirValidator validator = context.newValidator();
        validator.registerValidatorModule(new FhirInstanceValidator(support));
        int judged = 0;
        int errors = 0;
        for (String file : files) {
            int line = 0;
            for (String document : Files.readAllLines(Path.of(file))) {
                line++;
                judged++;
                for (SingleValidationMessage message : validator.validateWithResult(document).getMessages()) {
                    if (message.getSeverity().ordinal() >= ResultSeverityEnum.ERROR.ordinal()) {
                        errors++;
                        System.out.println(file + ":" + line + ": " + message.getLocationString() + ": "
                                + message.getMessage());
                    }
                }
            }
        }
        System.out.println(judged + " judged, " + errors + " errors");
        System.exit(errors > 0 || judged == 0 ? 1 : 0);
    }
}
