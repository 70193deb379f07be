package dev.mlops4j.tracking;

import dev.mlops4j.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Where a page has ended: what its last run was sorted by, and its number.
 *
 * @param places its place by each key of the order
 * @param startedAt when it started, in microseconds
 * @param no its number in the store
 */
record SearchCursor(List<Place> places, long startedAt, long no) {

  private static final int VERSION = 1;
  private static final int FINGERPRINT_LENGTH = 16;

  SearchCursor {
    places = List.copyOf(places);
  }

  /** As text, for this query alone. */
  String write(RunQuery query) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeUTF(fingerprint(query));
      out.writeLong(startedAt);
      out.writeLong(no);
      for (Place place : places) {
        place.write(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
  }

  /**
   * Reads a cursor.
   *
   * @throws InvalidCursorException if it is none, or another query's
   */
  static SearchCursor read(String text, RunQuery query) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw damaged();
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readByte() != VERSION) {
        throw new InvalidCursorException("was made by another version of the library");
      }
      if (!in.readUTF().equals(fingerprint(query))) {
        throw new InvalidCursorException("is another search's");
      }
      long startedAt = in.readLong();
      long no = in.readLong();
      List<Place> places = new ArrayList<>();
      for (Order order : query.order()) {
        places.add(Place.read(in, order.field()));
      }
      if (in.available() > 0) {
        throw damaged();
      }
      return new SearchCursor(places, startedAt, no);
    } catch (IOException e) {
      throw damaged();
    }
  }

  private static InvalidCursorException damaged() {
    return new InvalidCursorException("is damaged");
  }

  /** Of all that decides which runs there are and in what order. */
  private static String fingerprint(RunQuery query) {
    List<String> parts = new ArrayList<>();
    parts.add(query.lifecycle().name());
    parts.add(query.order().toString());
    parts.add(String.valueOf(query.filter()));
    query.experiments().stream().sorted().forEach(parts::add);
    StringBuilder text = new StringBuilder();
    parts.forEach(part -> text.append(part.length()).append(':').append(part));
    return Digest.of(text.toString()).hex().substring(0, FINGERPRINT_LENGTH);
  }

  /**
   * A place by one key.
   *
   * @param rank 0 if there is a value, 1 if it is NaN, 2 if there is none
   * @param value a Double, a Long or a String; of no meaning unless the rank is 0
   */
  record Place(int rank, Object value) {

    void write(DataOutputStream out) throws IOException {
      out.writeByte(rank);
      if (rank != 0) {
        return;
      }
      if (value instanceof Double number) {
        out.writeDouble(number);
      } else if (value instanceof Long time) {
        out.writeLong(time);
      } else {
        out.writeUTF((String) value);
      }
    }

    static Place read(DataInputStream in, SearchField field) throws IOException {
      int rank = in.readByte();
      if (rank < 0 || rank > 2) {
        throw damaged();
      }
      if (rank != 0) {
        return new Place(rank, "");
      }
      Object value;
      if (field instanceof MetricField) {
        value = in.readDouble();
      } else if (field instanceof TimeField) {
        value = in.readLong();
      } else {
        value = in.readUTF();
      }
      boolean sound =
          value instanceof Double number
              ? !Double.isNaN(number)
              : !(value instanceof String text) || SearchText.isUnicode(text);
      if (!sound) {
        throw damaged();
      }
      return new Place(0, value);
    }
  }
}
