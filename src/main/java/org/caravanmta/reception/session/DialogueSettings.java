package org.caravanmta.reception.session;

import java.util.List;
import org.caravanmta.address.Networks;
import org.caravanmta.smtp.Banner;

/// The section `smtp.dialogue`: what is said and put up with in the dialogue with a client.
public record DialogueSettings(
    String banner,
    boolean strictEnvelopes,
    List<String> noopCommands,
    int recipientOvershoot,
    boolean bareNewlineExemptOwn,
    Networks bareNewlineExempt,
    boolean forbidPipelining,
    boolean pipeliningExemptOwn,
    Networks pipeliningExempt) {
  public DialogueSettings {
    new Banner(banner);
    for (String word : noopCommands) {
      if (!word.matches("[!-~]+")) {
        throw new IllegalArgumentException("noop-commands must be single words");
      }
    }
    if (recipientOvershoot < 0) {
      throw new IllegalArgumentException(
          "recipient-overshoot must be 0 or more, was " + recipientOvershoot);
    }
  }
}
