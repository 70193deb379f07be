package dev.mlops4j.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Values of parameters as text, as on a command line, and back. */
final class ParameterText {

  private static final Map<Class<?>, Function<String, ?>> PARSERS =
      Map.ofEntries(
          Map.entry(String.class, text -> text),
          Map.entry(Integer.class, Integer::valueOf),
          Map.entry(Long.class, Long::valueOf),
          Map.entry(Double.class, Double::valueOf),
          Map.entry(Boolean.class, ParameterText::truth),
          Map.entry(LocalDate.class, LocalDate::parse),
          Map.entry(LocalTime.class, LocalTime::parse),
          Map.entry(LocalDateTime.class, LocalDateTime::parse),
          Map.entry(YearMonth.class, YearMonth::parse),
          Map.entry(Instant.class, Instant::parse),
          Map.entry(Duration.class, Duration::parse),
          Map.entry(Period.class, Period::parse),
          Map.entry(ZoneId.class, ZoneId::of));

  private ParameterText() {}

  static void requireType(String name, Class<?> type) {
    if (!PARSERS.containsKey(type) && !type.isEnum()) {
      throw new InvalidPipelineException(
          "parameter \""
              + name
              + "\" is a "
              + type.getName()
              + "; a parameter is an enum or one of "
              + new TreeSet<>(PARSERS.keySet().stream().map(Class::getSimpleName).toList()));
    }
  }

  static <T> T parse(String name, Class<T> type, String text) {
    try {
      return type.cast(type.isEnum() ? constant(type, text) : parser(type).apply(text));
    } catch (RuntimeException e) {
      throw new InvalidParameterException(name, type, text, accepted(type), e);
    }
  }

  static String write(Object value) {
    return value instanceof Enum<?> constant ? constant.name() : value.toString();
  }

  /** The type by which a default is declared: an enum's own, and ZoneId of a region. */
  static Class<?> typeOf(Object value) {
    if (value instanceof Enum<?> constant) {
      return constant.getDeclaringClass();
    }
    return value instanceof ZoneId ? ZoneId.class : value.getClass();
  }

  private static Function<String, ?> parser(Class<?> type) {
    Function<String, ?> parser = PARSERS.get(type);
    if (parser == null) {
      throw new IllegalStateException("no parser of " + type);
    }
    return parser;
  }

  private static Object constant(Class<?> type, String text) {
    for (Object constant : type.getEnumConstants()) {
      if (((Enum<?>) constant).name().equals(text)) {
        return constant;
      }
    }
    throw new IllegalArgumentException("no constant " + text);
  }

  /** Anything but these is a slip, and must not be taken for false. */
  private static Boolean truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("neither true nor false");
    };
  }

  private static @Nullable String accepted(Class<?> type) {
    if (type.isEnum()) {
      return "one of " + Arrays.toString(type.getEnumConstants());
    }
    return type == Boolean.class ? "true or false" : null;
  }
}
