package org.caravanmta.filter.pipe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.account.SystemUser;
import org.caravanmta.alias.Fillable;
import org.caravanmta.config.Notation;
import org.caravanmta.config.Size;
import org.caravanmta.message.MasterWords;

/// One of the operator's programs as a content filter, in the notation of `delivery.programs`
/// (postfix `pipe(8)`).
///
/// @param user the user it runs as
/// @param words its path and its arguments, with names in them, see {@link ProgramWords}
/// @param directory where it runs; absent for where the server does
/// @param environment what is in its environment besides `PATH` and what says who it is
/// @param timeLimit after which it is killed
/// @param mostOutput how much it may print
/// @param nullSender what is put for the null reverse path
public record FilterProgram(
    String name,
    String user,
    Optional<String> group,
    List<String> words,
    Optional<Path> directory,
    Map<String, String> environment,
    Duration timeLimit,
    Size mostOutput,
    String nullSender) {
  /// Parts of the envelope that arguments may name.
  static final Set<String> NAMES =
      Set.of(
          "recipient",
          "original_recipient",
          "sender",
          "size",
          "queue_id",
          "client_address",
          "client_helo",
          "client_hostname",
          "client_protocol",
          "sasl_method",
          "sasl_username");

  private static final String USER_NAME = "[A-Za-z_][A-Za-z0-9_.-]*";
  private static final String ARGUMENTS = "argv=";
  private static final Duration USUAL_LIMIT = Duration.ofMinutes(5);
  private static final Size USUAL_OUTPUT = Size.parse("64MiB");

  public FilterProgram {
    words = List.copyOf(words);
    environment = Map.copyOf(environment);
  }

  /// Reads `NAME user=USER[:GROUP] [directory=PATH] [environment=NAME=VALUE]… [time_limit=5m]
  /// [output=64MiB] [null_sender=TEXT] argv=/PATH ARGUMENT…`. What is in braces may have white
  /// space in it.
  ///
  /// @throws IllegalArgumentException says what was expected
  public static FilterProgram parse(String text) {
    List<String> items = items(text);
    String name = items.isEmpty() ? "" : items.getFirst();
    if (!name.matches("[a-z][a-z0-9._-]*")) {
      throw expected("a name first, such as disclaimer", text);
    }
    String user = "";
    Optional<String> group = Optional.empty();
    Optional<Path> directory = Optional.empty();
    var environment = new LinkedHashMap<String, String>();
    Duration timeLimit = USUAL_LIMIT;
    Size mostOutput = USUAL_OUTPUT;
    String nullSender = "MAILER-DAEMON";
    int at = 1;
    for (; at < items.size() && !items.get(at).startsWith(ARGUMENTS); at++) {
      String[] item = items.get(at).split("=", 2);
      String value = item.length > 1 ? item[1] : "";
      switch (item[0]) {
        case "user" -> {
          String[] parts = value.split(":", 2);
          user = parts[0];
          group = parts.length > 1 ? Optional.of(parts[1]) : Optional.empty();
        }
        case "directory" -> directory = Optional.of(Path.of(value));
        case "environment" -> variable(environment, value, text);
        case "time_limit" -> timeLimit = duration(value, text);
        case "output" -> mostOutput = size(value, text);
        case "null_sender" -> nullSender = value;
        default ->
            throw expected(
                "user=, directory=, environment=, time_limit=, output=, null_sender= or argv=",
                text);
      }
    }
    if (!user.matches(USER_NAME) || user.equals("root")) {
      throw expected("user=USER, who is not root", text);
    }
    if (group.filter(g -> !g.matches(USER_NAME) || g.equals("root")).isPresent()) {
      throw expected("user=USER:GROUP, which is not root's", text);
    }
    return new FilterProgram(
        name,
        user,
        group,
        words(items.subList(at, items.size()), text),
        directory,
        environment,
        timeLimit,
        mostOutput,
        nullSender);
  }

  /// What would keep it from being run, as things are now, a line each.
  public List<String> hindrances() {
    var lines = new ArrayList<String>();
    if (!Files.isExecutable(Path.of(words.getFirst()))) {
      lines.add(words.getFirst() + " is not a program that can be run");
    }
    try {
      if (SystemUser.named(user).isEmpty()) {
        lines.add("there is no user " + user);
      }
    } catch (IOException e) {
      lines.add("user " + user + ": " + e.getMessage());
    }
    return lines;
  }

  private static List<String> words(List<String> items, String text) {
    if (items.isEmpty() || !items.getFirst().startsWith(ARGUMENTS + "/")) {
      throw expected("argv=/PATH and arguments last", text);
    }
    if (items.getFirst().contains("$")) {
      throw expected("a program whose path is the same for every message", text);
    }
    var words = new ArrayList<String>();
    words.add(items.getFirst().substring(ARGUMENTS.length()));
    words.addAll(items.subList(1, items.size()));
    words.forEach(word -> Fillable.parse(word, NAMES));
    return words;
  }

  private static void variable(Map<String, String> environment, String value, String text) {
    String[] parts = value.split("=", 2);
    if (parts.length < 2 || !parts[0].matches("[A-Za-z_][A-Za-z0-9_]*")) {
      throw expected("environment=NAME=VALUE", text);
    }
    environment.put(parts[0], parts[1]);
  }

  private static Duration duration(String value, String text) {
    try {
      Duration limit = Notation.duration(value);
      if (limit.isPositive()) {
        return limit;
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(limitExpected(text).getMessage(), e);
    }
    throw limitExpected(text);
  }

  private static IllegalArgumentException limitExpected(String text) {
    return expected("time_limit=TIME, such as 30s", text);
  }

  private static Size size(String value, String text) {
    try {
      return Size.parse(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          expected("output=SIZE, such as 64MiB", text).getMessage(), e);
    }
  }

  private static List<String> items(String text) {
    try {
      return MasterWords.of(text);
    } catch (IllegalArgumentException e) {
      throw expected(String.valueOf(e.getMessage()), text);
    }
  }

  private static IllegalArgumentException expected(String what, String text) {
    return new IllegalArgumentException(what + ", found \"" + text + "\"");
  }
}
