package org.caravanmta.filter.hooks;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.filter.contract.Edit;
import org.caravanmta.filter.contract.WireInput;
import org.caravanmta.smtp.Command;
import org.caravanmta.smtp.CommandParser;
import org.caravanmta.smtp.Grammar;

/// What a service has made of an envelope (RFC 5321 §2.3.1), as edits.
final class EnvelopeChanges {
  private EnvelopeChanges() {}

  /// @throws IOException if any of it is not understood
  static List<Edit> of(JsonObject before, JsonObject after) throws IOException {
    JsonObject was =
        HooksJson.object(before.getOrDefault("envelope", JsonValue.NULL), "an envelope");
    JsonObject is = HooksJson.object(after.getOrDefault("envelope", JsonValue.NULL), "an envelope");
    var edits = new ArrayList<Edit>();
    JsonValue from = is.getOrDefault("from", JsonValue.NULL);
    if (!from.equals(was.get("from"))) {
      edits.addAll(sender(address(was.getOrDefault("from", JsonValue.NULL)), address(from)));
    }
    List<HooksAddress> old = recipients(was);
    List<HooksAddress> wanted = recipients(is);
    for (HooksAddress each : old) {
      if (!wanted.contains(each)) {
        edits.add(new Edit.RemoveRecipient(parsed(each.address())));
      }
    }
    for (HooksAddress each : wanted) {
      if (!old.contains(each)) {
        edits.add(added(each));
      }
    }
    return edits;
  }

  /// The parameters of a sender cannot be changed; a service may leave them out.
  private static List<Edit> sender(HooksAddress was, HooksAddress is) throws IOException {
    if (!is.parameters().isEmpty() && !is.parameters().equals(was.parameters())) {
      throw new IOException("a sender with other parameters");
    }
    if (is.address().equals(was.address())) {
      return List.of();
    }
    return List.of(
        new Edit.ChangeSender(
            is.address().isEmpty() ? ReversePath.NULL : ReversePath.of(parsed(is.address()))));
  }

  private static List<HooksAddress> recipients(JsonObject envelope) throws IOException {
    if (!(envelope.getOrDefault("to", JsonValue.NULL) instanceof JsonArray all)) {
      throw new IOException("an envelope without recipients");
    }
    var recipients = new ArrayList<HooksAddress>();
    for (JsonValue each : all) {
      recipients.add(address(each));
    }
    return recipients;
  }

  private static HooksAddress address(JsonValue value) throws IOException {
    JsonObject object = HooksJson.object(value, "an address");
    for (String name : object.keySet()) {
      if (!name.equals("address") && !name.equals("parameters")) {
        throw new IOException("an address with \"" + WireInput.shown(name) + "\"");
      }
    }
    JsonValue address = object.getOrDefault("address", JsonValue.NULL);
    if (!JsonValue.NULL.equals(address) && !(address instanceof JsonString)) {
      throw new IOException("an address that is not a text");
    }
    return new HooksAddress(
        HooksJson.text(object, "address").orElse(""),
        parameters(object.getOrDefault("parameters", JsonValue.NULL)));
  }

  private static Map<String, String> parameters(JsonValue value) throws IOException {
    var parameters = new TreeMap<String, String>();
    if (!JsonValue.NULL.equals(value)) {
      JsonObject all = HooksJson.object(value, "parameters");
      for (String name : all.keySet()) {
        parameters.put(
            name, HooksJson.required(HooksJson.text(all, name), "the value of a parameter"));
      }
    }
    return parameters;
  }

  private static Address parsed(String text) throws IOException {
    try {
      return Address.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IOException("the address " + WireInput.shown(text) + ": " + e.getMessage(), e);
    }
  }

  /// A recipient with its parameters, read as those of a client.
  private static Edit.AddRecipient added(HooksAddress recipient) throws IOException {
    Address address = parsed(recipient.address());
    var command = new StringBuilder("RCPT TO:<" + address + ">");
    recipient
        .parameters()
        .forEach(
            (name, value) ->
                command.append(' ').append(name).append(value.isEmpty() ? "" : "=" + value));
    boolean plain =
        recipient.parameters().entrySet().stream()
            .flatMap(each -> Arrays.asList(each.getKey(), each.getValue()).stream())
            .allMatch(text -> text.chars().allMatch(c -> c > ' ' && c < 127));
    if (!plain) {
      throw new IOException("a recipient with the parameters of another");
    }
    return switch (CommandParser.parse(command.toString(), Grammar.of(address.domain()))) {
      case Command.Rcpt rcpt -> new Edit.AddRecipient(address, rcpt.notifyOn(), rcpt.orcpt());
      case Command.Refused(_, var reply) ->
          throw new IOException("the recipient " + WireInput.shown(address + ": " + reply));
      default -> throw new IOException("a recipient that is none");
    };
  }
}
