package org.caravanmta;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Imports point from what runs to what mail is.
@AnalyzeClasses(packages = "org.caravanmta", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
  private static final String OURS = "org.caravanmta.";

  /// Each package, and the packages of ours that it may import. The root may import all of them.
  private static final String TABLE =
      """
      account:
      address:
      alias: account address message table
      check: address config domain event message mime mime.archive policy smtp stage table
      cli: root account address config control domain log message reception.session rewrite smtp stage submission table tls.server
      config:
      control: account message port
      delivery: event message smtp stage
      delivery.endpoint: delivery event message policy smtp stage
      delivery.local: account address alias config delivery delivery.mailbox delivery.program domain event message policy smtp stage table
      delivery.mailbox: account address config message smtp
      delivery.program: account address alias delivery delivery.mailbox domain event message smtp stage table
      delivery.remote: address check config delivery delivery.program dns event message rewrite smtp smtp.client stage
      dns: address config
      domain: address table
      event: address log message monitor smtp
      explain: address message policy smtp table
      filter: message policy stage
      log: message
      message: account address config
      mime:
      mime.archive: mime
      monitor: address message port
      policy: address message smtp
      port:
      queue: config
      queue.admin: address control message queue.spi
      queue.camel: address message queue.reader queue.spi
      queue.embedded: account message queue.embedded.journal queue.spi
      queue.embedded.journal: account
      queue.reader: queue.spi
      queue.remote: queue.spi
      queue.spi: address message
      reception: address config domain event message policy port reception.limits reception.session reception.wire rewrite sasl.server smtp stage table tls.server
      reception.limits: address config event message smtp
      reception.session: address config event message policy reception.limits reception.wire sasl.server smtp table tls.server
      reception.wire: message reception.limits smtp
      report: address alias config domain event message retry stage
      restriction: address dns domain event message policy restriction.access restriction.dnsbl restriction.login restriction.relay restriction.service smtp stage table
      restriction.access: address message policy table
      restriction.dnsbl: address dns message policy smtp stage table
      restriction.greylist: config domain message policy restriction.access smtp stage state table
      restriction.login: address domain message policy smtp stage table
      restriction.relay: address domain message policy smtp stage table
      restriction.reverse: address dns message policy stage
      restriction.service:
      retry: address config delivery event message smtp stage table
      rewrite: address domain message policy smtp stage table
      routing: address domain event message policy retry smtp stage table
      sasl.server: address config table
      smtp: address message
      smtp.client: address message mime smtp
      stage: dns domain message
      state: account address config table
      submission: address config domain event message policy queue.admin smtp stage
      table: account address
      tls.server: config message
      """;

  @ArchTest
  static void everyPackageImportsWhatTheTableSays(JavaClasses classes) {
    Map<String, Set<String>> allowed = table();
    var wrong = new TreeSet<String>();
    for (JavaClass from : classes) {
      String here = name(from.getPackageName());
      if (!here.equals("root") && !allowed.containsKey(here)) {
        wrong.add(here + " has no row in the table");
      }
      from.getDirectDependenciesFromSelf().stream()
          .map(each -> each.getTargetClass().getBaseComponentType().getPackageName())
          .filter(there -> there.equals("org.caravanmta") || there.startsWith(OURS))
          .map(LayersTest::name)
          .filter(there -> !here.equals("root") && !there.equals(here))
          .filter(there -> !allowed.getOrDefault(here, Set.of()).contains(there))
          .forEach(there -> wrong.add(here + " imports " + there + ": " + from.getSimpleName()));
    }
    assertThat(wrong).isEmpty();
  }

  @ArchTest
  static void theTableHasNoMoreThanIsImported(JavaClasses classes) {
    var unused = new TreeSet<String>();
    Map<String, Set<String>> imported = new HashMap<>();
    for (JavaClass from : classes) {
      Set<String> targets =
          imported.computeIfAbsent(name(from.getPackageName()), _ -> new HashSet<>());
      from.getDirectDependenciesFromSelf()
          .forEach(
              each ->
                  targets.add(name(each.getTargetClass().getBaseComponentType().getPackageName())));
    }
    table()
        .forEach(
            (from, all) ->
                all.stream()
                    .filter(there -> !imported.getOrDefault(from, Set.of()).contains(there))
                    .forEach(there -> unused.add(from + " -> " + there)));
    assertThat(unused).isEmpty();
  }

  private static Map<String, Set<String>> table() {
    return TABLE
        .lines()
        .map(row -> row.split(":"))
        .collect(
            Collectors.toMap(
                row -> row[0],
                row -> row.length < 2 ? Set.of() : Set.of(row[1].strip().split(" "))));
  }

  private static String name(String packageName) {
    return packageName.equals("org.caravanmta")
        ? "root"
        : packageName.startsWith(OURS) ? packageName.substring(OURS.length()) : packageName;
  }

  @ArchTest
  static final ArchRule LOGINS_KNOW_NO_SOCKET =
      noClasses()
          .that()
          .resideInAPackage("..caravanmta.sasl..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.netty..");

  @ArchTest
  static final ArchRule ONLY_ARCHIVES_ARE_UNPACKED_BY_LIBRARIES =
      noClasses()
          .that()
          .resideOutsideOfPackage("..caravanmta.mime.archive..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.commons.compress..", "org.tukaani..");

  @ArchTest
  static final ArchRule ONLY_QUEUE_IMPORTS_ARTEMIS =
      noClasses()
          .that()
          .resideOutsideOfPackage("..caravanmta.queue..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.activemq..", "org.apache.artemis..");

  @ArchTest
  static final ArchRule ONLY_DNS_IMPORTS_DNSJAVA =
      noClasses()
          .that()
          .resideOutsideOfPackage("..caravanmta.dns..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.xbill..");

  @ArchTest
  static final ArchRule CAMEL_IS_IN_FEW_PACKAGES =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "org.caravanmta",
              "..caravanmta.queue..",
              "..caravanmta.reception..",
              "..caravanmta.submission..",
              "..caravanmta.delivery.endpoint..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.camel..");

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices()
          .matching("org.caravanmta.(*)..")
          .should()
          .beFreeOfCycles()
          // until config reads sections into any record
          .ignoreDependency(
              com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage("..config.."),
              com.tngtech.archunit.base.DescribedPredicate.alwaysTrue());

  @ArchTest
  static final ArchRule NAMES_SAY_WHAT_THINGS_ARE =
      noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Manager|Impl|Common)");

  @ArchTest
  static final ArchRule ADDRESSES_ARE_WRITTEN_IN_ONE_NOTATION =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("org.caravanmta.address.Literals")
          .should()
          .callMethod(InetAddress.class, "getHostAddress")
          .orShould()
          .callMethod(Inet6Address.class, "getHostAddress")
          .orShould()
          .callMethod(InetAddress.class, "toString")
          .orShould()
          .callMethod(InetSocketAddress.class, "toString")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("io.netty.util.NetUtil")
          .because("Literals writes IPv6 as RFC 5952 has it, and Java does not");
}
