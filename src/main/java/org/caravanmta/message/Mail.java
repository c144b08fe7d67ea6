package org.caravanmta.message;

import java.util.List;
import org.caravanmta.address.ReversePath;

/// A message on its way: envelope, header section and body.
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

  /// Its size in bytes as SMTP counts it (RFC 1870 §3): header section, empty line, body.
  public long size() {
    return headers.length() + 2L + content.length();
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
