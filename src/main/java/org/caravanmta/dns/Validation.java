package org.caravanmta.dns;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.caravanmta.address.Idn;
import org.caravanmta.address.Literals;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/// Whether secure answers can be had: the self-test of DNSSEC. It asks for a name that is signed,
/// whose answer must be secure, and for one whose signatures are wrong, which must have no answer.
/// While it fails, every answer counts as insecure, and none is refused because its signatures are
/// missing or wrong.
public final class Validation {
  /// The result of a test. Its text is a line for the operator.
  public sealed interface State {
    /// One word: `off`, `works`, `fails`, `unknown`.
    default String word() {
      return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /// Nobody validates, as the settings say.
    record Off() implements State {
      @Override
      public String toString() {
        return "DNSSEC is off (dns.dnssec), and so is DANE";
      }
    }

    /// Answers are validated.
    record Works() implements State {
      @Override
      public String toString() {
        return "DNSSEC works: answers are validated";
      }
    }

    /// Answers are not validated, or signed names have no answer.
    ///
    /// @param why with the name servers
    record Fails(String why) implements State {
      @Override
      public String toString() {
        return "DNSSEC does not work, DANE is off: " + why;
      }
    }

    /// The name servers did not answer, or nothing has been asked yet.
    record Unknown(String why) implements State {
      @Override
      public String toString() {
        return "whether DNSSEC works cannot be told: " + why;
      }
    }
  }

  private final Optional<Test> test;
  private final Runnable changed;
  private final Runnable keys;
  // an attempt may wait here, on a virtual thread, for the test of another
  private final ReentrantLock testing = new ReentrantLock();
  private volatile State state;
  private volatile boolean tested;

  private Validation(Optional<Test> test, State first, Runnable changed, Runnable keys) {
    this.keys = keys;
    this.test = test;
    this.state = first;
    this.changed = changed;
  }

  /// For whoever does not ask name servers.
  public static Validation none() {
    return new Validation(Optional.empty(), new State.Off(), () -> {}, () -> {});
  }

  /// @param changed called when answers begin or cease to be validated: those remembered are worth
  ///   nothing more
  /// @param keys brings the trust anchors up to date
  static Validation of(
      DnsSettings own,
      Supplier<NameLookup> validated,
      NameLookup plain,
      Runnable changed,
      Runnable keys) {
    if (own.dnssec().dnssec() == Dnssec.OFF) {
      return none();
    }
    var test =
        new Test(
            validated,
            plain,
            name(own.dnssec().signedName()),
            Optional.of(own.dnssec().bogusName()).filter(n -> !n.isBlank()).map(Validation::name),
            who(own));
    return new Validation(Optional.of(test), new State.Unknown("not tested yet"), changed, keys);
  }

  /// Brings the trust anchors up to date.
  void refresh() {
    keys.run();
  }

  /// The result of the last test that could tell; else of the last.
  public State state() {
    return state;
  }

  /// The result, after a first test if there was none. Blocks as a lookup does.
  public State known() {
    if (tested || test.isEmpty()) {
      return state;
    }
    testing.lock();
    try {
      return tested ? state : check();
    } finally {
      testing.unlock();
    }
  }

  /// Tests now. Blocks as some lookups do.
  ///
  /// @return the result of this test; what the last one has told holds on while this one cannot
  ///   tell
  public State check() {
    if (test.isEmpty()) {
      return state;
    }
    testing.lock();
    try {
      State found = test.get().run();
      tested = true;
      boolean tells = !(found instanceof State.Unknown);
      boolean wasOff = isOff();
      if (tells || state instanceof State.Unknown) {
        state = found;
      }
      if (wasOff != isOff()) {
        changed.run();
      }
      return found;
    } finally {
      testing.unlock();
    }
  }

  /// Whether answers are not validated, because nobody can.
  boolean isOff() {
    return state instanceof State.Fails;
  }

  private static Name name(String text) {
    try {
      return Name.fromString(Idn.ascii(text), Name.root);
    } catch (TextParseException e) {
      throw new IllegalArgumentException("\"" + text + "\" is not a name", e);
    }
  }

  private static String who(DnsSettings own) {
    List<InetSocketAddress> servers = Upstream.servers(own);
    return (servers.size() == 1 ? "name server " : "name servers ")
        + servers.stream().map(Literals::scoped).collect(Collectors.joining(", "));
  }

  /// @param who the name servers, for people
  private record Test(
      Supplier<NameLookup> validated,
      NameLookup plain,
      Name signed,
      Optional<Name> bogus,
      String who) {
    State run() {
      Answer first = validated.get().of(signed, Type.SOA);
      if (first.failure().isPresent()) {
        Answer same = plain.of(signed, Type.SOA);
        return same.failure().isPresent()
            ? new State.Unknown(
                who + ": no answer for " + shown(signed) + ": " + same.failure().get())
            : new State.Fails(
                who
                    + ": "
                    + shown(signed)
                    + ", which is signed, has no valid answer: "
                    + first.failure().get());
      }
      if (!first.secure()) {
        return new State.Fails(
            who + ": the answer for " + shown(signed) + ", which is signed, is not validated");
      }
      if (bogus.isPresent() && !validated.get().of(bogus.get(), Type.A).records().isEmpty()) {
        return new State.Fails(
            who + ": an answer for " + shown(bogus.get()) + ", whose signatures are wrong");
      }
      return new State.Works();
    }

    private static String shown(Name name) {
      return name.toString(true);
    }
  }
}
