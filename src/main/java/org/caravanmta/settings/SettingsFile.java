package org.caravanmta.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Literals;
import org.caravanmta.address.Networks;
import org.caravanmta.cluster.HostPort;
import org.caravanmta.config.Notation;
import org.caravanmta.config.Placeholders;
import org.caravanmta.config.SettingsProblem;
import org.caravanmta.config.SettingsReader;
import org.caravanmta.config.ValueForm;
import org.caravanmta.delivery.schedule.Feedback;
import org.caravanmta.dns.NameServer;
import org.caravanmta.message.Relayhost;
import org.caravanmta.reception.session.SmtpSettings;
import org.caravanmta.table.DomainPattern;
import org.caravanmta.table.NetworkPattern;
import org.caravanmta.table.TableName;
import org.caravanmta.tls.server.TlsLevel;

/// The file in which the operator writes the {@link Settings}. `config/caravan.yaml` is the
/// reference, with every key and its default; how domains, addresses, tables and other values of
/// mail are written is said here.
public final class SettingsFile {
  private static final String REFERENCE = "caravan.yaml";

  private static final Notation NOTATION =
      new Notation(
          List.of(
              ValueForm.of(
                  TlsLevel.class,
                  TlsLevel::of,
                  TlsLevel::toString,
                  "none, may, encrypt or implicit"),
              ValueForm.of(
                  SmtpSettings.BareNewline.class,
                  SmtpSettings.BareNewline::of,
                  SmtpSettings.BareNewline::toString,
                  "no, note, normalize or reject"),
              ValueForm.of(
                  InetAddress.class,
                  InetAddress::ofLiteral,
                  Literals::scoped,
                  "an address such as 192.0.2.1 or \"2001:db8::1\""),
              ValueForm.of(
                  InetSocketAddress.class,
                  Literals::endpoint,
                  Literals::scoped,
                  "an address and port such as 127.0.0.1:2525 or \"[::1]:2525\""),
              ValueForm.of(
                  HostPort.class,
                  HostPort::parse,
                  HostPort::toString,
                  "a host and port such as n1.example.org:2181"),
              ValueForm.of(
                  Domain.class, SettingsFile::domain, Domain::name, "a domain such as example.org"),
              ValueForm.of(
                  DomainPattern.class,
                  DomainPattern::new,
                  DomainPattern::text,
                  "a domain such as example.org"),
              ValueForm.saying(
                  NetworkPattern.class,
                  NetworkPattern::new,
                  NetworkPattern::text,
                  "a network such as 192.0.2.0/24 or [2001:db8::]/32"),
              Feedback.FORM,
              ValueForm.ofItems(Networks.class, Networks::of, SettingsFile::prefixes),
              ValueForm.of(
                  Address.class,
                  Address::parse,
                  Address::toString,
                  "an address such as archive@example.org"),
              ValueForm.of(
                  TableName.class,
                  TableName::new,
                  TableName::text,
                  "a table such as texthash:/etc/caravan/virtual or inline:{key=value}"),
              ValueForm.of(
                  Relayhost.class,
                  Relayhost::new,
                  Relayhost::nextHop,
                  "a next hop such as example.net, [mx.example.net] or [192.0.2.1]:2525"),
              ValueForm.of(
                  NameServer.class,
                  NameServer::parse,
                  NameServer::toString,
                  "a name server such as 192.0.2.53 or 127.0.0.1:5353")));

  private SettingsFile() {}

  /// Reads the settings.
  ///
  /// @param file the operator's; absent for the defaults alone
  /// @param sets each a `KEY=VALUE`
  /// @param data takes the place of `data.directory`, if present
  /// @throws SettingsProblem names every mistake
  public static Settings read(Optional<Path> file, List<String> sets, Optional<Path> data)
      throws SettingsProblem {
    var reference = new SettingsReader.Reference(REFERENCE, referenceText());
    return new SettingsReader<>(Settings.class, reference, NOTATION)
        .read(
            file,
            sets,
            data.map(
                directory ->
                    new SettingsReader.Option("--data", "data.directory", directory.toString())));
  }

  /// How the values of settings are written.
  public static Notation notation() {
    return NOTATION;
  }

  /// The values of all settings by their keys, as routes refer to them: `smtp.size-limit`.
  public static Map<String, String> placeholders(Settings settings) {
    return Placeholders.of(settings, NOTATION);
  }

  /// The text of the reference file.
  public static String referenceText() {
    try (InputStream in = SettingsReader.class.getResourceAsStream(REFERENCE)) {
      if (in == null) {
        throw new IllegalStateException(REFERENCE + " is missing from this installation");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Domain domain(String text) {
    return Address.parse("postmaster@" + text).domain();
  }

  private static List<String> prefixes(Networks networks) {
    return networks.networks().stream().map(SettingsFile::prefix).toList();
  }

  private static String prefix(Networks.Network network) {
    try {
      return Literals.text(InetAddress.getByAddress(network.prefix())) + "/" + network.bits();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("a network of " + network.prefix().length + " bytes", e);
    }
  }
}
