package org.caravanmta.smtp;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Notify;

/// A command of a client: what it asks of the server with one line (RFC 5321 §4.1.1).
public sealed interface Command {
  /// The verb that the line began with.
  Verb verb();

  /// HELO or EHLO (RFC 5321 §4.1.1.1).
  ///
  /// @param name the client's name for itself, as given
  record Hello(Verb verb, String name) implements Command {}

  /// STARTTLS (RFC 3207 §4).
  record StartTls() implements Command {
    @Override
    public Verb verb() {
      return Verb.STARTTLS;
    }
  }

  /// AUTH (RFC 4954 §4).
  ///
  /// @param mechanism in capitals
  /// @param initial the initial response in base64; `=` for an empty one
  record Auth(String mechanism, Optional<String> initial) implements Command {
    @Override
    public Verb verb() {
      return Verb.AUTH;
    }
  }

  /// MAIL (RFC 5321 §4.1.1.2).
  ///
  /// @param given the path without its `<>`, as it was given, before it was completed
  /// @param size the SIZE parameter in bytes (RFC 1870 §4); empty if it was not given
  /// @param submitter the AUTH parameter in xtext (RFC 4954 §5); empty if it was not given or is
  ///   `<>`
  /// @param parameters the other parameters
  /// @param words all parameters as they were given: `SIZE=1000`
  record Mail(
      ReversePath sender,
      String given,
      OptionalLong size,
      String submitter,
      MailOptions parameters,
      List<String> words)
      implements Command {
    public Mail {
      words = List.copyOf(words);
    }

    @Override
    public Verb verb() {
      return Verb.MAIL;
    }
  }

  /// RCPT (RFC 5321 §4.1.1.3).
  ///
  /// @param given the path without its `<>`, as it was given, before it was completed
  /// @param bare whether it was `postmaster` without a domain, which every server must accept (RFC
  ///   5321 §4.5.1)
  /// @param notifyOn the NOTIFY parameter (RFC 3461 §4.1); empty if it was not given
  /// @param orcpt the ORCPT parameter as given (RFC 3461 §4.2); empty if it was not given
  /// @param words all parameters as they were given: `NOTIFY=NEVER`
  record Rcpt(
      Address recipient,
      String given,
      boolean bare,
      Optional<Notify> notifyOn,
      Optional<String> orcpt,
      List<String> words)
      implements Command {
    public Rcpt {
      words = List.copyOf(words);
    }

    @Override
    public Verb verb() {
      return Verb.RCPT;
    }
  }

  /// DATA (RFC 5321 §4.1.1.4).
  record Data() implements Command {
    @Override
    public Verb verb() {
      return Verb.DATA;
    }
  }

  /// BDAT: the next bytes are a chunk of the message (RFC 3030 §2).
  ///
  /// @param size the length of the chunk in bytes
  /// @param last whether it is the last chunk
  record Bdat(long size, boolean last) implements Command {
    @Override
    public Verb verb() {
      return Verb.BDAT;
    }
  }

  /// RSET (RFC 5321 §4.1.1.5).
  record Rset() implements Command {
    @Override
    public Verb verb() {
      return Verb.RSET;
    }
  }

  /// NOOP (RFC 5321 §4.1.1.9).
  record Noop() implements Command {
    @Override
    public Verb verb() {
      return Verb.NOOP;
    }
  }

  /// A command that does nothing because the operator wants it so (postfix `smtpd_noop_commands`).
  record Ignored() implements Command {
    @Override
    public Verb verb() {
      return Verb.NOOP;
    }
  }

  /// QUIT (RFC 5321 §4.1.1.10).
  record Quit() implements Command {
    @Override
    public Verb verb() {
      return Verb.QUIT;
    }
  }

  /// VRFY (RFC 5321 §4.1.1.6).
  ///
  /// @param text the argument as given
  record Vrfy(Address address, String text) implements Command {
    @Override
    public Verb verb() {
      return Verb.VRFY;
    }
  }

  /// ETRN: mail that is queued for this domain is to be sent now (RFC 1985).
  record Etrn(Domain domain) implements Command {
    @Override
    public Verb verb() {
      return Verb.ETRN;
    }
  }

  /// Something that is not a command (RFC 5321 §4.2.4).
  ///
  /// @param word the first word of the line
  record Unknown(String word) implements Command {
    /// What is said to it, unless somebody else has something to say.
    public static final Reply REPLY = Reply.of(500, "5.5.2", "Error: command not recognized");

    @Override
    public Verb verb() {
      return Verb.UNKNOWN;
    }
  }

  /// HELP (RFC 5321 §4.1.1.8).
  record Help() implements Command {
    @Override
    public Verb verb() {
      return Verb.HELP;
    }
  }

  /// XCLIENT or XFORWARD, by which a filter or proxy of ours names the client that it speaks for
  /// (Postfix's XCLIENT_README and XFORWARD_README).
  ///
  /// @param attributes as given, see {@link Attribute#parse}
  record ProxyAttributes(Verb verb, String attributes) implements Command {}

  /// A line that is refused whatever the state of the session.
  ///
  /// @param reply says why
  record Refused(Verb verb, Reply reply) implements Command {}

  /// A line that is not SMTP at all, but a request of another protocol or a header field: the
  /// session ends (postfix `smtpd_forbidden_commands`).
  record Foreign() implements Command {
    @Override
    public Verb verb() {
      return Verb.UNKNOWN;
    }
  }
}
