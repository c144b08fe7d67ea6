package org.caravanmta.filter.milter;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.caravanmta.address.Ascii;
import org.caravanmta.filter.contract.Edit;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.FieldText;
import org.caravanmta.message.ContentWriter;
import org.caravanmta.message.Headers;
import org.caravanmta.smtp.Command;
import org.caravanmta.smtp.CommandParser;
import org.caravanmta.smtp.Grammar;
import org.jspecify.annotations.Nullable;

/// The changes that a milter asks for, as edits of the message. Not finished, they leave nothing.
public final class MilterEdits implements MilterConnection.ChangeTaker, Closeable {
  /// More fields and recipients than any filter changes: a filter that is out of its mind must not
  /// take all our memory.
  private static final int MOST = 10_000;

  private static final int MOST_TEXT = 4 << 20;

  private final Grammar grammar;
  private final boolean spaces;
  private final Examined.NewBody newBody;
  private final long mostBody;
  private final List<Edit> edits = new ArrayList<>();
  private @Nullable ContentWriter body;
  private long bodyLength;
  private long textLength;

  /// @param grammar how addresses are read
  /// @param spaces whether the value of a field is all that stands after its colon
  /// @param mostBody the most bytes of a new body
  public MilterEdits(Grammar grammar, boolean spaces, Examined.NewBody newBody, long mostBody) {
    this.grammar = grammar;
    this.spaces = spaces;
    this.newBody = newBody;
    this.mostBody = mostBody;
  }

  @Override
  public void take(Modification change) throws IOException {
    switch (change) {
      case Modification.AddHeader(String name, String value) ->
          add(new Edit.AddField(field(name, value)));
      case Modification.InsertHeader(int index, String name, String value) ->
          add(new Edit.InsertField(index, field(name, value)));
      // 0 is the first, too, to sendmail and Postfix
      case Modification.ChangeHeader(int index, String name, String value) when value.isEmpty() ->
          add(new Edit.RemoveField(Math.max(1, index), name));
      case Modification.ChangeHeader(int index, String name, String value) ->
          add(new Edit.ChangeField(Math.max(1, index), field(name, value)));
      case Modification.AddRecipient(String path, String parameters) ->
          add(recipient(path, parameters));
      case Modification.DeleteRecipient(String path) ->
          add(new Edit.RemoveRecipient(recipient(path, "").address()));
      case Modification.ChangeSender(String path, String parameters) ->
          add(sender(path, parameters));
      case Modification.ReplaceBody(byte[] bytes) -> write(bytes);
      case Modification.Quarantine _ -> {
        // a judgement, not an edit
      }
    }
  }

  private void add(Edit edit) throws IOException {
    if (edits.size() >= MOST) {
      throw new IOException("more than " + MOST + " changes");
    }
    edits.add(edit);
  }

  private void write(byte[] bytes) throws IOException {
    bodyLength += bytes.length;
    if (bodyLength > mostBody) {
      throw new IOException("a body of more than " + mostBody + " bytes");
    }
    ContentWriter open = body;
    if (open == null) {
      open = newBody.begin();
      body = open;
    }
    open.write(bytes, 0, bytes.length);
  }

  private Headers.Field field(String name, String value) throws IOException {
    textLength += name.length() + value.length();
    if (textLength > MOST_TEXT) {
      throw new IOException("fields of more than " + MOST_TEXT + " bytes");
    }
    return FieldText.raw(name, spaces ? value : " " + value);
  }

  private Edit.AddRecipient recipient(String path, String parameters) throws IOException {
    return switch (CommandParser.parse("RCPT TO:" + angled(path), grammar)) {
      case Command.Rcpt rcpt -> {
        Command.Rcpt with = known(parameters, "RCPT TO:" + angled(path), Command.Rcpt.class, rcpt);
        yield new Edit.AddRecipient(rcpt.recipient(), with.notifyOn(), with.orcpt());
      }
      case Command.Refused(_, var reply) ->
          throw new IOException("the recipient \"" + path + "\": " + reply);
      default -> throw new IOException("\"" + path + "\" is not a recipient");
    };
  }

  private Edit.ChangeSender sender(String path, String parameters) throws IOException {
    // a milter does not have to say that an address is internationalized
    String verb = "MAIL FROM:" + angled(path) + (Ascii.is(path) ? "" : " SMTPUTF8");
    return switch (CommandParser.parse(verb, grammar)) {
      case Command.Mail mail -> {
        Command.Mail with = known(parameters, verb, Command.Mail.class, mail);
        yield new Edit.ChangeSender(mail.sender(), with.parameters());
      }
      case Command.Refused(_, var reply) ->
          throw new IOException("the sender \"" + path + "\": " + reply);
      default -> throw new IOException("\"" + path + "\" is not a sender");
    };
  }

  /// A command with the parameters that mean something; Postfix ignores the others, too.
  ///
  /// @param without the same without any
  private <T extends Command> T known(String parameters, String verb, Class<T> kind, T without) {
    var command = new StringBuilder(verb);
    T read = without;
    for (String parameter : parameters.strip().split("[ \t\r\n]+")) {
      if (!parameter.isEmpty()
          && kind.isInstance(CommandParser.parse(command + " " + parameter, grammar))) {
        command.append(' ').append(parameter);
        read = kind.cast(CommandParser.parse(command.toString(), grammar));
      }
    }
    return read;
  }

  private static String angled(String path) {
    String text = path.strip();
    return text.startsWith("<") ? text : "<" + text + ">";
  }

  /// All edits, with the new body if there is one.
  public List<Edit> finish() throws IOException {
    ContentWriter open = body;
    if (open != null) {
      body = null;
      edits.add(new Edit.ReplaceBody(open.finish()));
    }
    return List.copyOf(edits);
  }

  @Override
  public void close() {
    ContentWriter open = body;
    body = null;
    if (open != null) {
      open.close();
    }
  }
}
