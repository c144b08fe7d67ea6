package org.caravanmta.smtp.client;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.caravanmta.config.Secret;
import org.caravanmta.smtp.Reply;

/// Takes out of a server's replies what nobody may read in a log or a report: some servers repeat
/// what they do not understand.
final class Censor {
  private static final String INSTEAD = "(secret)";

  /// A shorter text is in many a harmless word, and would be found out by what is missing.
  private static final int SHORTEST = 4;

  private final List<String> hidden = new ArrayList<>();

  /// Hides a password or token from now on.
  void hide(Secret secret) {
    hide(secret.text());
  }

  /// Hides a text.
  void hide(String text) {
    if (text.length() >= SHORTEST) {
      hidden.add(text);
      hidden.sort(Comparator.comparingInt(String::length).reversed());
    }
  }

  /// The reply without what is hidden.
  Reply without(Reply reply) {
    return new Reply(reply.code(), reply.status(), reply.lines().stream().map(this::of).toList());
  }

  /// The line without what is hidden.
  String of(String line) {
    String clean = line;
    for (String each : hidden) {
      clean = clean.replace(each, INSTEAD);
    }
    return clean;
  }
}
