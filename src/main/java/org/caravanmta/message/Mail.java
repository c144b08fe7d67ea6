package org.caravanmta.message;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.caravanmta.address.ReversePath;

/// A message on its way through the server (RFC 5321 §2.3.1): envelope, header section and body.
public record Mail(Envelope envelope, Headers headers, Content content) {
  public String id() {
    return envelope.id();
  }

  public List<Recipient> recipients() {
    return envelope.recipients();
  }

  public ReversePath reversePath() {
    return envelope.reversePath();
  }

  /// The addresses of all recipients, for conditions of routes: `bob@caravan.test,
  /// joe@far.example`.
  public String addresses() {
    return recipients().stream()
        .map(recipient -> recipient.address().toString())
        .collect(Collectors.joining(", "));
  }

  /// The size in bytes as SMTP counts it (RFC 1870 §3): header section, empty line and body.
  public long size() {
    return headers.length() + 2L + content.length();
  }

  /// This message for these recipients, in as few parts as {@link Envelope#MOST_RECIPIENTS} allows;
  /// none if there are no recipients.
  public List<Mail> parts(List<Recipient> recipients) {
    var parts = new ArrayList<Mail>();
    for (int from = 0; from < recipients.size(); from += Envelope.MOST_RECIPIENTS) {
      int to = Math.min(from + Envelope.MOST_RECIPIENTS, recipients.size());
      parts.add(with(recipients.subList(from, to)));
    }
    return parts;
  }

  /// This message for one of its recipients, with a reverse path of its own: it is then a message
  /// like any other.
  public Mail to(Recipient recipient, Verp verp) {
    return with(
        envelope
            .with(verp.of(reversePath(), recipient))
            .with(List.of(recipient))
            .with(envelope.parameters().withoutVerp()));
  }

  public Mail with(Envelope changed) {
    return new Mail(changed, headers, content);
  }

  public Mail with(Headers changed) {
    return new Mail(envelope, changed, content);
  }

  public Mail with(Content changed) {
    return new Mail(envelope, headers, changed);
  }

  public Mail with(List<Recipient> changed) {
    return with(envelope.with(changed));
  }
}
