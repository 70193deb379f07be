package dev.mlops4j.tracking;

import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The types of images that runs take, by the ends of their names. */
enum ImageType {
  PNG,
  JPEG,
  SVG;

  private static final String PNG_BEGIN = "89504e470d0a1a0a";
  private static final String JPEG_BEGIN = "ffd8ff";

  /**
   * Checks that bytes are of the type that a name says.
   *
   * @throws InvalidImageException if they are not, or the name says none
   */
  static void check(String path, byte[] content) {
    ImageType type = of(path);
    boolean right =
        switch (type) {
          case PNG -> begins(content, PNG_BEGIN);
          case JPEG -> begins(content, JPEG_BEGIN);
          case SVG -> isSvg(content);
        };
    if (!right) {
      throw new InvalidImageException(
          path, "its " + content.length + " bytes are not those of a " + type);
    }
  }

  private static ImageType of(String path) {
    return switch (path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT)) {
      case "png" -> PNG;
      case "jpg", "jpeg" -> JPEG;
      case "svg" -> SVG;
      default ->
          throw new InvalidImageException(
              path,
              "its name must end with .png, .jpg, .jpeg or .svg. Log it as an artifact instead");
    };
  }

  private static boolean begins(byte[] content, String hex) {
    byte[] begin = HexFormat.of().parseHex(hex);
    return content.length > begin.length
        && Arrays.equals(begin, 0, begin.length, content, 0, begin.length);
  }

  /** Whether it is XML whose root is {@code svg}, without looking at anything it refers to. */
  private static boolean isSvg(byte[] content) {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    try {
      XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(content));
      while (reader.hasNext()) {
        if (reader.next() == XMLStreamReader.START_ELEMENT) {
          return reader.getLocalName().equals("svg");
        }
      }
      return false;
    } catch (XMLStreamException e) {
      return false;
    }
  }
}
