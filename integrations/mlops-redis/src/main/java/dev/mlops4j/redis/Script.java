package dev.mlops4j.redis;

import io.lettuce.core.ScriptOutputType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What runs within Redis, in one step each. */
enum Script {
  ADD(ScriptOutputType.INTEGER),
  SCAN(ScriptOutputType.MULTI),
  DISCARD(ScriptOutputType.INTEGER),
  ERASE(ScriptOutputType.INTEGER);

  private final ScriptOutputType output;

  Script(ScriptOutputType output) {
    this.output = output;
  }

  ScriptOutputType output() {
    return output;
  }

  /** The script's text. */
  String source() {
    return switch (this) {
      case ADD -> read("horizon.lua") + read("add.lua");
      case SCAN -> read("scan.lua");
      case DISCARD -> read("horizon.lua") + read("discard.lua");
      case ERASE -> read("erase.lua");
    };
  }

  private static String read(String file) {
    try (InputStream in = Script.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is not in the jar of mlops-redis");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
