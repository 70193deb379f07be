package dev.mlops4j.trees;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads the categories of a data frame that XGBoost stores since 3.1: for each feature, texts as
 * their bytes with offsets, or plain numbers.
 */
final class XgBoostCategories {

  private XgBoostCategories() {}

  /** Takes the member {@code cats}; the result has one list for each feature, or none at all. */
  static List<List<String>> next(Values values) {
    List<List<String>> categories = new ArrayList<>();
    values.beginObject();
    for (String key = values.nextKey(); key != null; key = values.nextKey()) {
      if (key.equals("enc")) {
        values.beginArray();
        while (values.hasNext()) {
          categories.add(ofFeature(values));
        }
      } else {
        values.skip();
      }
    }
    return categories;
  }

  private static List<String> ofFeature(Values values) {
    List<String> numbers = new ArrayList<>();
    int[] offsets = {};
    boolean text = false;
    values.beginObject();
    for (String key = values.nextKey(); key != null; key = values.nextKey()) {
      switch (key) {
        case "offsets" -> {
          offsets = values.nextInts();
          text = true;
        }
        case "values" -> {
          values.beginArray();
          while (values.hasNext()) {
            numbers.add(values.nextText());
          }
        }
        default -> values.skip();
      }
    }
    return text ? texts(values, offsets, numbers) : numbers;
  }

  private static List<String> texts(Values values, int[] offsets, List<String> numbers) {
    byte[] bytes = new byte[numbers.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values.parseInt(numbers.get(i));
      if (bytes[i] < 0) {
        // XGBoost's Python (3.2) counts characters where it means bytes, and cuts texts off.
        return List.of();
      }
    }
    List<String> texts = new ArrayList<>();
    for (int i = 1; i < offsets.length; i++) {
      if (offsets[i - 1] < 0 || offsets[i] < offsets[i - 1] || offsets[i] > bytes.length) {
        throw values.malformed("The offsets of categories are damaged");
      }
      texts.add(new String(bytes, offsets[i - 1], offsets[i] - offsets[i - 1], US_ASCII));
    }
    return texts;
  }
}
