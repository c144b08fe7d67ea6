package org.caravanmta.mtasts;

import java.io.IOException;

/// Where the policies of domains are read.
public interface PolicySource extends AutoCloseable {
  /// The text of the policy that the domain's web server has. Blocks, for no longer than it may.
  ///
  /// @param domain an A-label
  /// @throws Refused if the server's certificate is not good for its name, see {@link Refused}
  /// @throws IOException if the text cannot be had
  String read(String domain) throws IOException;

  @Override
  void close();

  /// The web server could not prove its name (RFC 8461 §3.3).
  final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    public Refused(String why, Throwable cause) {
      super(why, cause);
    }
  }
}
