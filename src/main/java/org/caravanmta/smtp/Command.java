package org.caravanmta.smtp;

import java.util.Optional;
import java.util.OptionalLong;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Notify;

/// What a client asks of a server with one line (RFC 5321 §4.1.1).
public sealed interface Command {
  Verb verb();

  /// HELO and EHLO.
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
  /// @param initial the first response, in base64, `=` for an empty one
  record Auth(String mechanism, Optional<String> initial) implements Command {
    @Override
    public Verb verb() {
      return Verb.AUTH;
    }
  }

  /// @param given the path as it was given, before it was completed
  /// @param size the SIZE parameter in bytes (RFC 1870 §4); absent when not given
  /// @param submitter the AUTH parameter in xtext (RFC 4954 §5); empty when not given, and for `<>`
  record Mail(
      ReversePath sender, String given, OptionalLong size, String submitter, MailOptions parameters)
      implements Command {
    @Override
    public Verb verb() {
      return Verb.MAIL;
    }
  }

  /// @param given the path as it was given, before it was completed
  /// @param bare whether it was `postmaster` without a domain, which every server must take (RFC
  ///   5321 §4.5.1)
  /// @param notifyOn the NOTIFY parameter (RFC 3461 §4.1); absent stays absent
  /// @param orcpt the ORCPT parameter as given (RFC 3461 §4.2); absent stays absent
  record Rcpt(
      Address recipient,
      String given,
      boolean bare,
      Optional<Notify> notifyOn,
      Optional<String> orcpt)
      implements Command {
    @Override
    public Verb verb() {
      return Verb.RCPT;
    }
  }

  record Data() implements Command {
    @Override
    public Verb verb() {
      return Verb.DATA;
    }
  }

  /// What the next `size` bytes are a part of, or with `last` the rest of: the message (RFC 3030
  /// §2).
  record Bdat(long size, boolean last) implements Command {
    @Override
    public Verb verb() {
      return Verb.BDAT;
    }
  }

  record Rset() implements Command {
    @Override
    public Verb verb() {
      return Verb.RSET;
    }
  }

  record Noop() implements Command {
    @Override
    public Verb verb() {
      return Verb.NOOP;
    }
  }

  /// A command that the operator wants to do nothing, whatever it is.
  record Ignored() implements Command {
    @Override
    public Verb verb() {
      return Verb.NOOP;
    }
  }

  record Quit() implements Command {
    @Override
    public Verb verb() {
      return Verb.QUIT;
    }
  }

  /// @param text the argument as given
  record Vrfy(Address address, String text) implements Command {
    @Override
    public Verb verb() {
      return Verb.VRFY;
    }
  }

  /// Mail that waits for this domain is to be sent now (RFC 1985).
  record Etrn(Domain domain) implements Command {
    @Override
    public Verb verb() {
      return Verb.ETRN;
    }
  }

  record Help() implements Command {
    @Override
    public Verb verb() {
      return Verb.HELP;
    }
  }

  /// XCLIENT and XFORWARD, by which a filter or proxy of ours says whom it speaks for.
  ///
  /// @param attributes as given, {@link Attribute#parse}
  record Speaking(Verb verb, String attributes) implements Command {}

  /// Not to be obeyed, whatever the session's state: the reply says why.
  record Refused(Verb verb, Reply reply) implements Command {}

  /// Not SMTP at all, but another protocol's request or a header field: no use to go on talking.
  record Foreign() implements Command {
    @Override
    public Verb verb() {
      return Verb.UNKNOWN;
    }
  }
}
