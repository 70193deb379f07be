package dev.mlops4j.monitoring;

import dev.mlops4j.data.Timestamps;
import dev.mlops4j.model.ServedLookup;
import dev.mlops4j.model.ServedLookup.Status;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the lookups of a prediction found as bytes: the version of the form, the number of lookups,
 * then of each its alias, a letter for its status, whether there was an event, and the microseconds
 * of its time if so.
 */
final class LookupBytes {

  private static final int VERSION = 1;

  private LookupBytes() {}

  static byte[] of(List<ServedLookup> lookups) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeByte(VERSION);
    out.writeInt(lookups.size());
    for (ServedLookup lookup : lookups) {
      out.writeUTF(lookup.alias());
      out.writeByte(letter(lookup.status()));
      Instant eventTime = lookup.eventTime();
      out.writeBoolean(eventTime != null);
      if (eventTime != null) {
        out.writeLong(Timestamps.toMicros(eventTime));
      }
    }
    return bytes.toByteArray();
  }

  /**
   * The lookups, or null if there are no bytes or they are of a later form: not recorded, as far as
   * this library knows.
   *
   * @throws MonitoringException if they are damaged
   */
  static @Nullable List<ServedLookup> read(byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readByte() != VERSION) {
        return null;
      }
      List<ServedLookup> lookups = new ArrayList<>();
      int count = in.readInt();
      for (int i = 0; i < count; i++) {
        String alias = in.readUTF();
        Status status = status(in.readByte());
        lookups.add(
            new ServedLookup(
                alias, status, in.readBoolean() ? Timestamps.fromMicros(in.readLong()) : null));
      }
      return lookups;
    } catch (IOException e) {
      throw new MonitoringException("the logged lookups are damaged", e);
    }
  }

  private static char letter(Status status) {
    return switch (status) {
      case PRESENT -> 'p';
      case STALE -> 's';
      case MISSING -> 'm';
      case UNANSWERED -> 'u';
    };
  }

  private static Status status(byte letter) throws IOException {
    for (Status status : Status.values()) {
      if (letter(status) == letter) {
        return status;
      }
    }
    throw new IOException("a status " + letter);
  }
}
