package org.caravanmta.delivery.program;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.alias.Fillable;
import org.caravanmta.message.MasterWords;
import org.caravanmta.message.Transport;

/// One of the operator's programs as a transport, as `master.cf` has it after its name (postfix
/// `pipe(8)`); RFC 5321 §2.3.10 calls it a gateway, whose own matter it is what becomes of the
/// mail.
///
/// @param name of the transport
/// @param user the user it runs as
/// @param flags each a character of {@link #FLAGS}
/// @param words its path and its arguments, with names in them, see {@link PipeDelivery}
/// @param size the largest message it takes; 0 for any
/// @param nullSender what is put for the null reverse path
public record PipeProgram(
    String name,
    String user,
    Optional<String> group,
    String flags,
    List<String> words,
    Optional<Path> directory,
    long size,
    String nullSender) {
  /// `B` an empty line at the end, `D` Delivered-To, `F` a line `From sender date` first, `O`
  /// X-Original-To, `R` Return-Path, `X` final delivery, `h` domains and `u` local parts in lower
  /// case, `q` local parts in quotes where they need them, `.` dots at the start of lines twice,
  /// `>` before lines that begin with `From `.
  static final String FLAGS = "BDFORXhuq.>";

  static final Set<String> NAMES =
      Set.of(
          "recipient",
          "original_recipient",
          "sender",
          "nexthop",
          "user",
          "extension",
          "domain",
          "mailbox",
          "size",
          "queue_id",
          "client_address",
          "client_helo",
          "client_hostname",
          "client_protocol",
          "sasl_method",
          "sasl_username");

  /// Another name of the transport `error`.
  private static final String RETRY = "retry";

  private static final String ARGUMENTS = "argv=";

  private static boolean isTaken(String name) {
    return name.equals(RETRY) || Transport.named(name).isPresent();
  }

  boolean has(char flag) {
    return flags.indexOf(flag) >= 0;
  }

  /// Reads `NAME flags=… user=… argv=…`; the columns of `master.cf`, `unix - n n - - pipe`, may
  /// stand after the name. An argument in braces may have white space in it.
  ///
  /// @throws IllegalArgumentException says what was expected
  public static PipeProgram parse(String text) {
    List<String> items = items(text);
    String name = items.isEmpty() ? "" : items.getFirst();
    if (!name.matches("[a-z][a-z0-9._-]*") || isTaken(name)) {
      throw expected("a name of its own first, such as maildrop", text);
    }
    int at = items.size() > 7 && items.get(1).equals("unix") && items.get(7).equals("pipe") ? 8 : 1;
    String user = "";
    Optional<String> group = Optional.empty();
    String flags = "";
    Optional<Path> directory = Optional.empty();
    long size = 0;
    String nullSender = "MAILER-DAEMON";
    for (; at < items.size() && !items.get(at).startsWith(ARGUMENTS); at++) {
      String[] item = items.get(at).split("=", 2);
      String value = item.length > 1 ? item[1] : "";
      switch (item[0]) {
        case "flags" -> flags = value;
        case "user" -> {
          String[] parts = value.split(":", 2);
          user = parts[0];
          group = parts.length > 1 ? Optional.of(parts[1]) : Optional.empty();
        }
        case "directory" -> directory = Optional.of(Path.of(value));
        case "size" -> {
          if (!value.matches("[0-9]{1,18}")) {
            throw expected("size=BYTES", text);
          }
          size = Long.parseLong(value);
        }
        case "null_sender" -> nullSender = value;
        default -> throw expected("flags=, user=, directory=, size=, null_sender= or argv=", text);
      }
    }
    if (!user.matches("[A-Za-z_][A-Za-z0-9_.-]*") || user.equals("root")) {
      throw expected("user=USER, who is not root", text);
    }
    if (group.filter(g -> !g.matches("[A-Za-z_][A-Za-z0-9_.-]*") || g.equals("root")).isPresent()) {
      throw expected("user=USER:GROUP, which is not root's", text);
    }
    if (flags.chars().anyMatch(c -> FLAGS.indexOf(c) < 0)) {
      throw expected("flags= of " + FLAGS, text);
    }
    if (at == items.size() || !items.get(at).startsWith(ARGUMENTS + "/")) {
      throw expected("argv=/PATH and arguments last", text);
    }
    if (items.get(at).contains("$")) {
      throw expected("a program whose path is the same for every message", text);
    }
    var words = new ArrayList<String>();
    words.add(items.get(at).substring(ARGUMENTS.length()));
    words.addAll(items.subList(at + 1, items.size()));
    words.forEach(word -> Fillable.parse(word, NAMES));
    return new PipeProgram(
        name, user, group, flags, List.copyOf(words), directory, size, nullSender);
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
