import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * Validates XML files against a schema: `java Validate.java <schema file>`, a path on each line of stdin; for each a line on
 * stdout, `ok` or the faults with their places, tabs between.
 */
public class Validate {
  public static void main(String[] args) throws Exception {
    SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
    Schema schema = factory.newSchema(new File(args[0]));
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String path = in.readLine(); path != null; path = in.readLine()) out.println(faultsOf(schema, path));
  }

  static String faultsOf(Schema schema, String path) throws Exception {
    StringBuilder faults = new StringBuilder();
    Validator validator = schema.newValidator();
    validator.setErrorHandler(new ErrorHandler() {
      public void warning(SAXParseException fault) {}
      public void error(SAXParseException fault) { add(fault); }
      public void fatalError(SAXParseException fault) { add(fault); }
      void add(SAXParseException fault) {
        String text = fault.getMessage().replaceAll("\\s+", " ");
        faults.append(faults.length() == 0 ? "" : "\t")
            .append(fault.getLineNumber()).append(':').append(fault.getColumnNumber()).append(' ').append(text);
      }
    });
    try {
      validator.validate(new StreamSource(new File(path)));
    } catch (SAXException fault) {
      if (faults.length() == 0) faults.append(String.valueOf(fault.getMessage()).replaceAll("\\s+", " "));
    }
    return faults.length() == 0 ? "ok" : faults.toString();
  }
}
