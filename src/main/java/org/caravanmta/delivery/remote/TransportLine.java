package org.caravanmta.delivery.remote;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.caravanmta.message.MasterWords;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Transport;

/// A transport of the operator's that delivers as one of ours, with settings of its own, as
/// `master.cf` has it: `bulk smtp -o concurrency=5 -o outgoing.helo-name=bulk.example.org`.
///
/// @param name of the transport
/// @param as the transport that it is like, which speaks SMTP or LMTP
/// @param options each a `KEY=VALUE`, with a key of the section `delivery`
public record TransportLine(String name, Transport as, List<String> options) {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9._-]*");
  private static final Pattern SPACED = Pattern.compile("\\s*=\\s*");

  /// Keys of the section `delivery` that say nothing of delivery by SMTP or LMTP, or nothing of one
  /// transport alone.
  private static final Pattern OF_OTHERS =
      Pattern.compile(
          "(relayhost|transports|programs|maildir|checks|sts|camel|watchdog|sources\\.pools|sasl\\.tokens)\\b");

  /// Another name of the transport `error`.
  private static final String RETRY = "retry";

  public TransportLine {
    options = List.copyOf(options);
  }

  /// Reads a line. The columns of `master.cf`, `unix - - n - -`, may stand before `smtp`. An option
  /// in braces may have white space in it.
  ///
  /// @throws IllegalArgumentException says what was expected
  static TransportLine parse(String line) {
    List<String> words = MasterWords.of(line);
    String name = words.isEmpty() ? "" : words.getFirst();
    if (!NAME.matcher(name).matches() || name.equals(RETRY) || Transport.named(name).isPresent()) {
      throw expected("a name of its own first, such as bulk", line);
    }
    int at = words.size() > 7 && words.get(1).equals("unix") ? 7 : 1;
    Transport as =
        Transport.named(at < words.size() ? words.get(at) : "")
            .filter(Transport::isRemote)
            .orElseThrow(() -> expected("smtp or lmtp after the name", line));
    var options = new ArrayList<String>();
    for (at++; at < words.size(); at += 2) {
      if (!words.get(at).equals("-o") || at + 1 == words.size() || !isPair(words.get(at + 1))) {
        throw expected("-o KEY=VALUE, with a key of delivery, after that", line);
      }
      String option = SPACED.matcher(words.get(at + 1)).replaceFirst("=");
      if (OF_OTHERS.matcher(option).lookingAt()) {
        throw expected("-o with a key that such a transport has", line);
      }
      options.add(option);
    }
    return new TransportLine(name, as, options);
  }

  private static boolean isPair(String option) {
    return option.indexOf('=') > 0;
  }

  private static IllegalArgumentException expected(String what, String line) {
    return new IllegalArgumentException(what + ", not \"" + line + "\"");
  }

  /// The queue that its mail waits in.
  public String queue() {
    return Queues.delivery(name);
  }

  /// The bean that delivers its mail: `smtpDelivery.bulk`.
  public String bean() {
    return as.key() + "Delivery." + name;
  }
}
