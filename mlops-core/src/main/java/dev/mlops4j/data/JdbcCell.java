package dev.mlops4j.data;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;

/** Reads the cell of one column in the row at hand; a cell that is null is left missing. */
interface JdbcCell {

  /**
   * Reads the cell.
   *
   * @return whether there is a value
   * @throws CellException if it cannot be read as the column's type
   */
  boolean read(ResultSet row, DatasetBuilder into) throws SQLException, CellException;

  /** The reader for a database that holds columns to their types. */
  static JdbcCell of(
      int place, int position, ColumnType type, JdbcKind kind, JdbcSource.Settings settings) {
    return switch (type.kind()) {
      case FLOAT64 ->
          (row, into) -> {
            // PostgreSQL's driver gives 0.1 of a real as the nearest double or as the float
            // widened, by how the server sends it; as a float it is always the same.
            double value = kind == JdbcKind.SINGLE ? row.getFloat(place) : row.getDouble(place);
            if (row.wasNull()) {
              return false;
            }
            into.setDouble(position, value);
            return true;
          };
      case INT64 ->
          (row, into) -> {
            long value = kind == JdbcKind.WHOLE ? row.getLong(place) : exact(row, place);
            if (row.wasNull()) {
              return false;
            }
            into.setLong(position, value);
            return true;
          };
      case BOOLEAN ->
          (row, into) -> {
            boolean value = row.getBoolean(place);
            if (row.wasNull()) {
              return false;
            }
            into.set(position, value);
            return true;
          };
      case STRING ->
          (row, into) -> {
            String value = row.getString(place);
            into.set(position, value);
            return value != null;
          };
      case TIMESTAMP -> time(place, position, kind, settings);
      case FLOATS ->
          kind == JdbcKind.TEXT
              ? floatsOfText(place, position, type)
              : floats(place, position, type);
    };
  }

  private static JdbcCell floats(int place, int position, ColumnType type) {
    return (row, into) -> {
      Array value = row.getArray(place);
      if (value == null) {
        return false;
      }
      into.set(position, CellFloats.of(value.getArray(), type));
      return true;
    };
  }

  private static JdbcCell floatsOfText(int place, int position, ColumnType type) {
    return (row, into) -> {
      String value = row.getString(place);
      if (value == null) {
        return false;
      }
      into.set(position, CellFloats.parse(value.toCharArray(), 0, value.length(), type));
      return true;
    };
  }

  private static JdbcCell time(
      int place, int position, JdbcKind kind, JdbcSource.Settings settings) {
    return switch (kind) {
      case INSTANT ->
          (row, into) -> {
            OffsetDateTime value = row.getObject(place, OffsetDateTime.class);
            if (value == null) {
              return false;
            }
            into.setMicros(position, micros(value.toEpochSecond(), value.getNano()));
            return true;
          };
      case LOCAL_TIME -> {
        ZoneId zone = Objects.requireNonNull(settings.zone());
        yield (row, into) -> {
          LocalDateTime value = row.getObject(place, LocalDateTime.class);
          if (value == null) {
            return false;
          }
          into.setMicros(position, micros(value, zone));
          return true;
        };
      }
      case DATE -> {
        ZoneId zone = Objects.requireNonNull(settings.zone());
        yield (row, into) -> {
          LocalDate value = row.getObject(place, LocalDate.class);
          if (value == null) {
            return false;
          }
          into.setMicros(position, micros(value.atStartOfDay(), zone));
          return true;
        };
      }
      case TEXT -> {
        CellTime time = new CellTime();
        yield (row, into) -> {
          String value = row.getString(place);
          if (value == null) {
            return false;
          }
          into.setMicros(
              position, time.micros(value.toCharArray(), 0, value.length(), settings.zone()));
          return true;
        };
      }
      default -> {
        TimestampForm form = Objects.requireNonNull(settings.form());
        yield (row, into) -> {
          long value = kind == JdbcKind.WHOLE ? row.getLong(place) : exact(row, place);
          if (row.wasNull()) {
            return false;
          }
          into.setMicros(position, form.toMicros(value));
          return true;
        };
      }
    };
  }

  /**
   * The reader for SQLite, where a cell may be of another type than its column: asked for a number,
   * its driver gives 0 for a text without a word.
   */
  static JdbcCell ofAnyType(
      int place, int position, ColumnType type, JdbcSource.Settings settings) {
    CellTime time = new CellTime();
    return (row, into) -> {
      Object value = row.getObject(place);
      if (value == null) {
        return false;
      }
      boolean whole = value instanceof Long || value instanceof Integer;
      switch (type.kind()) {
        case FLOAT64 -> {
          if (!(value instanceof Number number)) {
            throw new CellException("not a number but " + kindOf(value));
          }
          into.setDouble(position, number.doubleValue());
        }
        case INT64 -> {
          if (!whole) {
            throw new CellException("not a whole number but " + kindOf(value));
          }
          into.setLong(position, ((Number) value).longValue());
        }
        case BOOLEAN -> into.set(position, truth(value));
        case STRING -> {
          if (!(value instanceof String)) {
            throw new CellException(
                "not text but " + kindOf(value) + "; cast the column in the statement");
          }
          into.set(position, value);
        }
        case FLOATS -> {
          if (!(value instanceof String text)) {
            throw new CellException("not an array as text, such as [0.5,-1], but " + kindOf(value));
          }
          into.set(position, CellFloats.parse(text.toCharArray(), 0, text.length(), type));
        }
        case TIMESTAMP -> {
          TimestampForm form = settings.form();
          if (value instanceof String text) {
            into.setMicros(
                position, time.micros(text.toCharArray(), 0, text.length(), settings.zone()));
          } else if (whole && form != null && form.isNumber()) {
            into.setMicros(position, form.toMicros(((Number) value).longValue()));
          } else {
            throw new CellException(
                "not an ISO 8601 text but "
                    + kindOf(value)
                    + (whole ? "; say what it counts with timestampsAs(...)" : ""));
          }
        }
      }
      return true;
    };
  }

  private static boolean truth(Object value) throws CellException {
    if (value instanceof Boolean truth) {
      return truth;
    }
    if (value instanceof Integer number && (number == 0 || number == 1)) {
      return number == 1;
    }
    throw new CellException("neither 0 nor 1");
  }

  private static String kindOf(Object value) {
    if (value instanceof String) {
      return "text";
    }
    return value instanceof Number ? "a number" : "bytes";
  }

  /** A decimal as a long; 0 of one that is null. */
  private static long exact(ResultSet row, int place) throws SQLException, CellException {
    BigDecimal value = row.getBigDecimal(place);
    try {
      return value == null ? 0 : value.longValueExact();
    } catch (ArithmeticException e) {
      throw new CellException("not a whole number, or beyond the range of INT64");
    }
  }

  private static long micros(LocalDateTime local, ZoneId zone) throws CellException {
    List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
    if (offsets.size() != 1) {
      throw new CellException(
          "the clocks of "
              + zone
              + (offsets.isEmpty() ? " skip this time" : " show this time twice")
              + "; use a column with a zone");
    }
    Instant instant = local.toInstant(offsets.get(0));
    return micros(instant.getEpochSecond(), instant.getNano());
  }

  private static long micros(long second, int nano) throws CellException {
    try {
      return Math.addExact(Math.multiplyExact(second, 1_000_000L), nano / 1_000);
    } catch (ArithmeticException e) {
      throw new CellException("beyond the range of TIMESTAMP");
    }
  }
}
