package org.caravanmta.policy;

import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.smtp.Reply;

/// A step of the dialogue as content filters are told of it (draft-adams-milter-protocol-00). What
/// is said of the client is in the {@link Case.Event}.
public sealed interface DialogueEvent {
  /// The kinds of event.
  enum Kind {
    CONNECT,
    HELO,
    MAIL,
    RCPT,
    REFUSED,
    DATA,
    UNKNOWN,
    RESET
  }

  Kind kind();

  /// The client has connected, or another has been put in its place by XCLIENT.
  ///
  /// @param connections how many the client has at this moment, this one counted
  record Connected(int connections) implements DialogueEvent {
    @Override
    public Kind kind() {
      return Kind.CONNECT;
    }
  }

  /// The client has said HELO or EHLO.
  record Greeted() implements DialogueEvent {
    @Override
    public Kind kind() {
      return Kind.HELO;
    }
  }

  /// A transaction begins.
  ///
  /// @param given the path without its `<>`, as the client gave it
  /// @param parameters as the client gave them: `SIZE=1000`
  record Sender(ReversePath sender, String given, List<String> parameters)
      implements DialogueEvent {
    public Sender {
      parameters = List.copyOf(parameters);
    }

    @Override
    public Kind kind() {
      return Kind.MAIL;
    }
  }

  /// A recipient that nothing else is against.
  ///
  /// @param given the path without its `<>`, as the client gave it
  /// @param parameters as the client gave them: `NOTIFY=NEVER`
  /// @param queueId absent before the first recipient has been accepted
  record Recipient(
      Address recipient, String given, List<String> parameters, Optional<String> queueId)
      implements DialogueEvent {
    public Recipient {
      parameters = List.copyOf(parameters);
    }

    @Override
    public Kind kind() {
      return Kind.RCPT;
    }
  }

  /// A recipient that has been refused; the answer of a filter changes nothing.
  ///
  /// @param said the reply that refused it
  record Refused(Recipient recipient, Reply said) implements DialogueEvent {
    @Override
    public Kind kind() {
      return Kind.REFUSED;
    }
  }

  /// The client wants to send the content.
  record Data(String queueId) implements DialogueEvent {
    @Override
    public Kind kind() {
      return Kind.DATA;
    }
  }

  /// The client has said something that is not a command.
  ///
  /// @param verb its first word
  record Unknown(String verb) implements DialogueEvent {
    @Override
    public Kind kind() {
      return Kind.UNKNOWN;
    }
  }

  /// The transaction has been given up; the answer changes nothing.
  record Reset() implements DialogueEvent {
    @Override
    public Kind kind() {
      return Kind.RESET;
    }
  }
}
