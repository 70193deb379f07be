package dev.mlops4j.tracking;

import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The types of images that runs take, by the ends of their names. */
enum ImageType {
  PNG(List.of(".png"), 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'),
  JPEG(List.of(".jpg", ".jpeg"), 0xff, 0xd8, 0xff),
  SVG(List.of(".svg"));

  private final List<String> ends;
  private final byte[] begin;

  ImageType(List<String> ends, int... begin) {
    this.ends = ends;
    this.begin = new byte[begin.length];
    for (int i = 0; i < begin.length; i++) {
      this.begin[i] = (byte) begin[i];
    }
  }

  /**
   * Checks that bytes are of the type that a name says.
   *
   * @throws InvalidImageException if they are not, or the name says none
   */
  static void check(String path, byte[] content) {
    String name = path.toLowerCase(Locale.ROOT);
    for (ImageType type : values()) {
      if (type.ends.stream().anyMatch(name::endsWith)) {
        if (!type.begins(content)) {
          throw new InvalidImageException(
              path, "its " + content.length + " bytes are not those of a " + type);
        }
        return;
      }
    }
    throw new InvalidImageException(
        path, "its name must end with .png, .jpg, .jpeg or .svg. Log it as an artifact instead");
  }

  private boolean begins(byte[] content) {
    if (this == SVG) {
      return isSvg(content);
    }
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
