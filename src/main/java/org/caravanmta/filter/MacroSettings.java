package org.caravanmta.filter;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.filter.milter.MacroNames;
import org.caravanmta.filter.milter.MilterEvent;

/// The section `filters.macros`: which macros milters are given at each event, unless they ask for
/// others (postfix `MILTER_README`).
///
/// @param connect postfix `milter_connect_macros`; the others likewise
/// @param daemonName the value of `{daemon_name}` (postfix `milter_macro_daemon_name`); empty for
///   the hostname
/// @param version the value of `v` (postfix `milter_macro_v`); empty for our name and version
/// @param defaults values of macros that have none: `auth_type=none` (postfix
///   `milter_macro_defaults`)
public record MacroSettings(
    List<String> connect,
    List<String> helo,
    List<String> mail,
    List<String> rcpt,
    List<String> data,
    List<String> endOfHeader,
    List<String> endOfData,
    List<String> unknown,
    Optional<String> daemonName,
    Optional<String> version,
    List<String> defaults) {
  public MacroSettings {
    connect = List.copyOf(connect);
    helo = List.copyOf(helo);
    mail = List.copyOf(mail);
    rcpt = List.copyOf(rcpt);
    data = List.copyOf(data);
    endOfHeader = List.copyOf(endOfHeader);
    endOfData = List.copyOf(endOfData);
    unknown = List.copyOf(unknown);
    defaults = List.copyOf(defaults);
    for (String each : defaults) {
      if (each.indexOf('=') < 1) {
        throw new IllegalArgumentException("defaults must be NAME=VALUE, was \"" + each + "\"");
      }
    }
  }

  /// The values of macros that have none, by their names.
  Map<String, String> values() {
    var values = new LinkedHashMap<String, String>();
    for (String each : defaults) {
      int equals = each.indexOf('=');
      values.put(each.substring(0, equals).replaceAll("[{}]", ""), each.substring(equals + 1));
    }
    return values;
  }

  MacroNames names() {
    var names = new EnumMap<MilterEvent, List<String>>(MilterEvent.class);
    names.put(MilterEvent.CONNECT, braced(connect));
    names.put(MilterEvent.HELO, braced(helo));
    names.put(MilterEvent.MAIL, braced(mail));
    names.put(MilterEvent.RCPT, braced(rcpt));
    names.put(MilterEvent.DATA, braced(data));
    names.put(MilterEvent.END_OF_HEADERS, braced(endOfHeader));
    names.put(MilterEvent.END_OF_MESSAGE, braced(endOfData));
    names.put(MilterEvent.UNKNOWN, braced(unknown));
    // as Postfix, the macros of the end of the header section go with its parts too
    names.put(MilterEvent.HEADER, braced(endOfHeader));
    names.put(MilterEvent.BODY, braced(endOfHeader));
    return new MacroNames(names);
  }

  /// Names of more than one letter stand in braces on the wire, however the operator writes them.
  private static List<String> braced(List<String> names) {
    var written = new ArrayList<String>();
    for (String name : names) {
      String bare = name.replaceAll("[{}]", "");
      written.add(bare.length() == 1 ? bare : "{" + bare + "}");
    }
    return written;
  }
}
