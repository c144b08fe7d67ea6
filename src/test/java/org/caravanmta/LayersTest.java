package org.caravanmta;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Imports point from what runs to what mail is.
@AnalyzeClasses(packages = "org.caravanmta", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
  private static final String OURS = "org.caravanmta.";

  /// The house from its top floor to the ground: each package, and the packages of ours that it
  /// imports, all of which stand below it. The root, which lists the stages, may import all but the
  /// two on top.
  private static final String TABLE =
      """
      -- 7 the command line, and what it tries
      cli: account address cluster cluster.lock cluster.node config control delivery.schedule delivery.watch dns domain log message plugin quarantine queue.admin queue.selector reception.session rehearsal restriction.blocked rewrite root settings smtp stage state submission suspension table tls.server
      rehearsal: address domain explain filter message policy restriction.blocked rewrite root route routing settings smtp stage state table
      -- 6 settings and routes, below the root
      settings: account address check cluster config delivery.endpoint delivery.local delivery.mailbox delivery.program delivery.remote delivery.schedule delivery.watch dns domain filter log message monitor mtasts quarantine queue reception reception.limits reception.session report restriction restriction.access restriction.dnsbl restriction.greylist restriction.login retry rewrite routing sasl.server share stage state submission table tls tls.client tls.server
      route: filter message policy queue restriction stage
      -- 5 stages
      reception: address config domain event message policy port reception.limits reception.session reception.wire rewrite sasl.server smtp stage table tls tls.server
      delivery.local: account address alias config delivery delivery.mailbox delivery.program domain event message policy smtp stage table
      reception.session: address config event message policy reception.limits reception.wire sasl.server smtp table tls.server
      report: address alias config domain event message retry stage
      restriction: address dns domain event message policy restriction.access restriction.dnsbl restriction.login restriction.relay restriction.service smtp stage table
      restriction.greylist: config domain message policy restriction.access smtp stage state table
      check: address config domain event message mime mime.archive policy smtp stage table
      delivery.endpoint: config delivery delivery.schedule event headway message policy queue.camel smtp stage
      delivery.program: account address alias config delivery delivery.mailbox domain event headway message smtp stage table
      delivery.remote: address config delivery delivery.reply delivery.schedule delivery.shaping dns domain event headway message monitor mtasts sasl.client sasl.token smtp smtp.client stage table tls tls.client
      quarantine: address config control domain event filter message mime queue.admin queue.selector restriction.blocked stage state table web
      filter: address config delivery event filter.clamd filter.contract filter.hooks filter.icap filter.milter filter.pipe filter.proxy filter.rspamd filter.spamd message policy retry smtp stage
      filter.clamd: filter.contract smtp
      filter.hooks: address filter.contract message policy smtp
      filter.icap: filter.contract message smtp
      filter.milter: address filter.contract message policy smtp
      filter.pipe: account address alias config filter.contract headway message smtp
      filter.proxy: filter.contract headway message smtp smtp.client
      filter.rspamd: address filter.contract message smtp
      filter.spamd: filter.contract message smtp
      reception.wire: message reception.limits smtp
      restriction.access: address message policy table
      restriction.blocked: address control domain event message policy smtp stage state table
      restriction.dnsbl: address dns message policy smtp stage table
      restriction.login: address domain message policy smtp stage table
      restriction.relay: address domain message policy smtp stage table
      restriction.reverse: address dns message policy stage
      retry: address config delivery event message smtp stage table
      rewrite: address config domain event message policy smtp stage table
      routing: address config domain event message policy smtp stage table
      submission: address config domain event message policy queue.admin smtp stage
      delivery.watch: address control delivery event headway message queue.admin smtp
      delivery: event message smtp stage
      reception.limits: address config event message smtp
      delivery.schedule: address config control delivery.reply delivery.shaping event message share
      delivery.reply: config message queue.selector table
      delivery.shaping: address config message share table
      delivery.mailbox: account address config headway message smtp
      restriction.service:
      -- 4 what stages have in common
      filter.contract: address event message monitor policy smtp
      explain: address message policy smtp table
      policy: address event message smtp
      queue.admin: address control event message mime queue.selector queue.spi
      queue.camel: address event message queue.reader queue.spi
      suspension: account address config control event message queue.selector
      event: address log message monitor smtp tls.client
      cluster.node: account cluster cluster.link cluster.lock cluster.share control message queue.copies queue.embedded queue.spi share
      cluster.share: cluster.link share
      queue.embedded: account address message queue.embedded.journal queue.spi
      queue.copies: account cluster.link message queue.spi
      cluster.link: config message port
      queue.reader: message queue.spi
      cluster.lock: account cluster config
      cluster: config
      queue.program: queue.spi
      queue.remote: queue.spi
      stage: config dns domain message share
      alias: account address config message table
      control: account message port
      domain: address table
      state: account address config monitor table
      monitor: message web
      web: address port
      queue.spi: address message
      queue.selector: address
      queue: config
      queue.embedded.journal: account
      -- 3 protocols
      smtp.client: address config headway message mime sasl.client smtp tls.client
      sasl.token: account config message sasl.client
      sasl.client: address config message tls.client
      sasl.server: address config table
      tls.client: address config message mtasts table tls
      mtasts: account address config dns
      tls.server: config message tls
      tls: config
      -- 2 tables, names, formats and the machine
      log: message
      dns: address config
      mime.archive: mime
      table: account address
      mime:
      plugin:
      port:
      -- 1 what mail is, and how settings are read
      smtp: address message
      message: account address config
      headway:
      share:
      account:
      address:
      config:
      """;

  /// Classes that need each other, all of them neighbours in one package: a type and its kinds, a
  /// type and its reader, an engine and what it is made of. Anything else is to be mended.
  private static final Set<Set<String>> PAIRS =
      Set.of(
          // what a restriction finds may be further restrictions, as a list in a table is
          Set.of("restriction.Finding", "restriction.Restriction"));

  @ArchTest
  static void eachPackageImportsWhatTheTableSays(JavaClasses classes) {
    var imported = new TreeMap<String, Set<String>>();
    for (JavaClass from : classes) {
      Set<String> targets =
          imported.computeIfAbsent(name(from.getPackageName()), _ -> new TreeSet<>());
      ours(from).map(JavaClass::getPackageName).map(LayersTest::name).forEach(targets::add);
    }
    imported.forEach((here, targets) -> targets.remove(here));
    Set<String> all = imported.remove("root");
    assertThat(imported).isEqualTo(new TreeMap<>(table()));
    assertThat(all).doesNotContain("cli", "rehearsal");
  }

  @ArchTest
  static void eachRowStandsAboveThoseItImports(JavaClasses classes) {
    var below = new HashSet<>(table().keySet());
    below.add("root");
    table()
        .forEach(
            (here, targets) -> {
              below.remove(here);
              assertThat(below).as("below " + here).containsAll(targets);
            });
  }

  @ArchTest
  static void classesDoNotImportEachOtherInCircles(JavaClasses classes) {
    var imports = new HashMap<String, Set<String>>();
    for (JavaClass from : classes) {
      imports
          .computeIfAbsent(top(from), _ -> new TreeSet<>())
          .addAll(ours(from).map(LayersTest::top).toList());
    }
    assertThat(Circles.of(imports)).isEqualTo(PAIRS);
  }

  @ArchTest
  static void noSimpleNameIsThereTwice(JavaClasses classes) {
    var packages = new TreeMap<String, Set<String>>();
    classes.stream()
        .filter(each -> each.isTopLevelClass() && !each.getSimpleName().equals("package-info"))
        .forEach(
            each ->
                packages
                    .computeIfAbsent(each.getSimpleName(), _ -> new TreeSet<>())
                    .add(each.getPackageName()));
    packages.values().removeIf(all -> all.size() == 1);
    assertThat(packages).isEmpty();
  }

  private static Stream<JavaClass> ours(JavaClass from) {
    return from.getDirectDependenciesFromSelf().stream()
        .map(each -> each.getTargetClass().getBaseComponentType())
        .filter(there -> (there.getPackageName() + ".").startsWith(OURS));
  }

  private static String top(JavaClass any) {
    return any.getFullName().replaceFirst("[$].*", "").substring(OURS.length());
  }

  /// In the order of the table.
  private static Map<String, Set<String>> table() {
    var table = new LinkedHashMap<String, Set<String>>();
    TABLE
        .lines()
        .filter(line -> !line.startsWith("--"))
        .map(row -> row.split(":"))
        .forEach(
            row ->
                table.put(
                    row[0],
                    row.length < 2 ? Set.of() : new TreeSet<>(Set.of(row[1].strip().split(" ")))));
    return table;
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
  static final ArchRule ONLY_LOCKS_IMPORT_ZOOKEEPER =
      noClasses()
          .that()
          .resideOutsideOfPackage("..caravanmta.cluster.lock..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.zookeeper..", "org.apache.curator..");

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
              "..caravanmta.rehearsal..",
              "..caravanmta.route..",
              "..caravanmta.queue..",
              "..caravanmta.reception..",
              "..caravanmta.submission..",
              "..caravanmta.delivery.endpoint..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.camel..");

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
