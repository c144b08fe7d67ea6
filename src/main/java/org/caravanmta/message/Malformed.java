package org.caravanmta.message;

/// The bytes of a queue message are not what one of our {@link Codec}s has written.
public sealed class Malformed extends RuntimeException permits Malformed.Newer {
  private static final long serialVersionUID = 1L;

  public Malformed(String why) {
    super(why);
  }

  /// A newer version of this program has written them, and only that can read them.
  public static final class Newer extends Malformed {
    private static final long serialVersionUID = 1L;
    private final int version;

    Newer(int version, int ours) {
      super("a queue message of version " + version + ", this program reads up to " + ours);
      this.version = version;
    }

    /// The version of the bytes.
    public int version() {
      return version;
    }
  }
}
