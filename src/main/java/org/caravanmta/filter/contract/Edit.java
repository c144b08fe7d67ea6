package org.caravanmta.filter.contract;

import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Content;
import org.caravanmta.message.Headers;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Notify;

/// A change that a content filter makes in a message. Positions of fields are those that a milter
/// means by them (draft-adams-milter-protocol-00): the `Received:` field that this server has
/// written is no field that a filter sees or counts, but stands above the first that it does.
public sealed interface Edit {
  /// A field after the last one.
  record AddField(Headers.Field field) implements Edit {}

  /// A field at a position, counted from the top of the section as it is by then.
  ///
  /// @param index 0 for above the `Received:` field that this server has written, 1 for below it
  record InsertField(int index, Headers.Field field) implements Edit {}

  /// A field in place of another; if there are not so many, after the last one.
  ///
  /// @param index which of the fields of this name, from 1 on
  record ChangeField(int index, Headers.Field field) implements Edit {}

  /// One field less; nothing, if there are not so many.
  ///
  /// @param index which of the fields of this name, from 1 on; 0 for all of them
  record RemoveField(int index, String name) implements Edit {}

  /// Another header section, from the first field that the filter has seen on.
  record ReplaceHeaders(Headers headers) implements Edit {}

  /// One more recipient, unless the message has it already.
  ///
  /// @param notifyOn its NOTIFY parameter (RFC 3461 §4.1)
  /// @param orcpt its ORCPT parameter (RFC 3461 §4.2)
  record AddRecipient(Address address, Optional<Notify> notifyOn, Optional<String> orcpt)
      implements Edit {
    /// Without DSN parameters.
    public AddRecipient(Address address) {
      this(address, Optional.empty(), Optional.empty());
    }
  }

  /// One recipient less, as the client has given it, with all that aliases have made of it.
  record RemoveRecipient(Address address) implements Edit {}

  /// Another reverse path.
  ///
  /// @param parameters of the new MAIL, of which RET and ENVID count (RFC 3461 §4.3, §4.4), if they
  ///   are there
  record ChangeSender(ReversePath path, MailOptions parameters) implements Edit {
    /// With the parameters that there were.
    public ChangeSender(ReversePath path) {
      this(path, MailOptions.NONE);
    }
  }

  /// Another body.
  ///
  /// @param content in the store, or small enough for the queue
  record ReplaceBody(Content content) implements Edit {}
}
