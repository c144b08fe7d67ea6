package org.caravanmta.delivery.endpoint;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.camel.util.SensitiveUtils;
import org.caravanmta.message.EndpointUri;

/// What nobody may read of an endpoint's URI (RFC 3986): logins, options that are secret by their
/// name or written `RAW(…)`, and what placeholders stand for. What Camel and others say of a
/// failure often repeats them.
final class UriSecrets {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(.*?)}}");
  private static final Pattern SECRET_NAME =
      Pattern.compile("(?i).*(pass|pwd|secret|token|key|credential|auth|sig|sas|user|login).*");
  private static final Pattern RAW = Pattern.compile("RAW[({](.*)[)}]", Pattern.DOTALL);
  private static final Pattern ANY_OPTIONS =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*:[^\\s?\"'<>]*)[?][^\\s\"'<>\\]]*");
  private static final Pattern ANY_LOGIN = Pattern.compile("//[^\\s/@]+@");

  /// Shorter ones are hidden only where they are a word: they may be part of many.
  private static final int SHORT = 4;

  private final List<String> secrets;
  private final List<String> values;

  private UriSecrets(Set<String> secrets, Set<String> values) {
    var longestFirst = Comparator.comparingInt(String::length).reversed();
    this.secrets = secrets.stream().sorted(longestFirst).toList();
    this.values = values.stream().sorted(longestFirst).toList();
  }

  /// @param written the URI as the operator wrote it
  /// @param resolve what placeholders stand for
  static UriSecrets of(String written, UnaryOperator<String> resolve) {
    var secrets = new LinkedHashSet<String>();
    var values = new LinkedHashSet<String>();
    PLACEHOLDER
        .matcher(written)
        .results()
        .forEach(found -> add(secrets, resolved(found.group(), resolve)));
    String uri = resolved(written, resolve);
    int question = uri.indexOf('?');
    String before = question < 0 ? uri : uri.substring(0, question);
    int at = before.lastIndexOf('@');
    if (at > 0 && !EndpointUri.shown(uri).equals(before)) {
      String login = before.substring(before.indexOf(':') + 1, at).replaceFirst("^//", "");
      add(secrets, login);
      add(secrets, login.substring(login.indexOf(':') + 1));
    }
    for (String option : options(question < 0 ? "" : uri.substring(question + 1))) {
      int equals = option.indexOf('=');
      String name = option.substring(0, Math.max(equals, 0));
      String value = option.substring(equals + 1);
      var raw = RAW.matcher(value);
      String plain = raw.matches() ? raw.group(1) : value;
      add(values, plain);
      if (raw.matches() || isSecret(name)) {
        add(secrets, plain);
      }
    }
    return new UriSecrets(secrets, values);
  }

  /// A text about a failure to deliver.
  String hiddenIn(String text) {
    return hide(text, secrets);
  }

  /// A text about a URI that makes no endpoint, of which a mistyped option may be a password.
  String allHiddenIn(String text) {
    String hidden = hide(text, secrets);
    for (String value : values) {
      hidden =
          value.length() < SHORT
              ? hidden.replace("=" + value, "=" + EndpointUri.HIDDEN)
              : hidden.replace(value, EndpointUri.HIDDEN);
    }
    return hidden;
  }

  private static String hide(String text, List<String> all) {
    String hidden = text;
    for (String secret : all) {
      hidden =
          secret.length() < SHORT
              ? hidden.replaceAll("\\b" + Pattern.quote(secret) + "\\b", EndpointUri.HIDDEN)
              : hidden.replace(secret, EndpointUri.HIDDEN);
    }
    hidden = ANY_OPTIONS.matcher(hidden).replaceAll("$1?" + EndpointUri.HIDDEN);
    return ANY_LOGIN.matcher(hidden).replaceAll("//" + EndpointUri.HIDDEN + "@");
  }

  /// Options, separated by `&`, which may stand in a `RAW(…)` too.
  private static List<String> options(String query) {
    var options = new ArrayList<String>();
    var option = Pattern.compile("(?:RAW\\([^)]*\\)|RAW\\{[^}]*}|[^&])+").matcher(query);
    while (option.find()) {
      options.add(option.group());
    }
    return options;
  }

  private static boolean isSecret(String name) {
    return SECRET_NAME.matcher(name).matches()
        || SensitiveUtils.containsSensitive(name.toLowerCase(Locale.ROOT));
  }

  /// A value as it is, and as it is without percent-encoding.
  private static void add(Set<String> all, String value) {
    for (String form : List.of(value, decoded(value))) {
      if (!form.isEmpty() && !form.equals("true") && !form.equals("false")) {
        all.add(form);
      }
    }
  }

  private static String decoded(String value) {
    try {
      return URLDecoder.decode(value, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return value; // a % that encodes nothing
    }
  }

  private static String resolved(String text, UnaryOperator<String> resolve) {
    try {
      return resolve.apply(text);
    } catch (RuntimeException e) {
      return text; // whoever makes the endpoint says what is not there
    }
  }
}
