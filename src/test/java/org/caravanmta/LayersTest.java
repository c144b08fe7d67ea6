package org.caravanmta;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Imports point from what runs to what mail is.
@AnalyzeClasses(packages = "org.caravanmta", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
  private static final String OURS = "org.caravanmta..";

  @ArchTest
  static final ArchRule ADDRESS_IMPORTS_NOTHING =
      noClasses()
          .that()
          .resideInAPackage("..caravanmta.address..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(OURS)
                  .and(
                      com.tngtech.archunit.base.DescribedPredicate.not(
                          resideInAnyPackage("..caravanmta.address.."))));

  @ArchTest
  static final ArchRule MESSAGE_IMPORTS_ONLY_ADDRESS = only("message", "address", "account");

  @ArchTest static final ArchRule SMTP_IMPORTS_WHAT_MAIL_IS = only("smtp", "message", "address");

  @ArchTest
  static final ArchRule TABLES_KNOW_ADDRESSES_AND_THE_MACHINE = only("table", "address", "account");

  @ArchTest
  static final ArchRule ALIASES_IMPORT_WHAT_MAIL_IS_AND_TABLES =
      only("alias", "message", "address", "table", "account");

  @ArchTest static final ArchRule PORTS_KNOW_NOBODY_OF_OURS = only("port");

  @ArchTest static final ArchRule MONITORING_IS_TOLD = only("monitor", "port", "address");

  @ArchTest static final ArchRule THE_LOG_KNOWS_TEXT_ONLY = only("log", "message");

  @ArchTest static final ArchRule USERS_OF_THE_MACHINE_KNOW_NO_MAIL = only("account");

  @ArchTest static final ArchRule DNS_IMPORTS_ONLY_ADDRESS = only("dns", "address");

  @ArchTest
  static final ArchRule POLICY_IMPORTS_NO_STAGE =
      only("policy", "smtp", "message", "address", "table", "dns", "state");

  @ArchTest
  static final ArchRule RESTRICTIONS_ASK_TABLES_THE_DNS_AND_OTHER_PROGRAMS =
      only(
          "policy.restriction",
          "policy",
          "policy.access",
          "policy.login",
          "policy.service",
          "policy.dnsbl",
          "policy.relay",
          "smtp",
          "message",
          "address",
          "table",
          "dns");

  @ArchTest
  static final ArchRule ACCESS_TABLES_ARE_TABLES =
      only("policy.access", "policy", "message", "address", "table");

  @ArchTest static final ArchRule POLICY_SERVERS_KNOW_NOTHING = only("policy.service");

  @ArchTest
  static final ArchRule CLIENT_NAMES_ARE_ASKED_OF_THE_DNS =
      only("policy.reverse", "policy", "message", "address", "dns");

  @ArchTest
  static final ArchRule THE_CLIENT_IMPORTS_THE_VOCABULARY =
      only("smtp.client", "smtp", "message", "address", "mime");

  @ArchTest
  static final ArchRule THE_SESSION_ASKS_POLICY =
      only(
          "smtp.server",
          "smtp",
          "policy",
          "message",
          "address",
          "tls",
          "sasl",
          "port",
          "log",
          "monitor");

  @ArchTest static final ArchRule TLS_KNOWS_CLIENTS = only("tls", "message");

  @ArchTest static final ArchRule LOGINS_NEED_LOOKUPS = only("sasl", "table", "address");

  @ArchTest
  static final ArchRule LOGINS_KNOW_NO_SOCKET =
      noClasses()
          .that()
          .resideInAPackage("..caravanmta.sasl..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.netty..");

  @ArchTest
  static final ArchRule POSTED_MAIL_IS_COMPLETED_AS_RECEPTION_DOES =
      only(
          "maildrop",
          "smtp.server",
          "rewrite",
          "smtp",
          "policy",
          "message",
          "address",
          "log",
          "monitor");

  @ArchTest
  static final ArchRule QUEUES_KNOW_ONLY_WHAT_MAIL_IS =
      only("queue", "message", "address", "control", "account");

  @ArchTest
  static final ArchRule CHECKS_IMPORT_NO_OTHER_STAGE =
      only("check", "policy", "smtp", "message", "address", "table", "mime", "mime.archive", "log");

  @ArchTest
  static final ArchRule A_FILTER_IS_CHOSEN_FOR_A_MESSAGE = only("filter", "policy", "message");

  @ArchTest
  static final ArchRule EXPLAINING_RUNS_WHAT_IT_IS_GIVEN =
      only("explain", "policy", "smtp", "message", "address", "table");

  @ArchTest static final ArchRule MIME_IMPORTS_NOTHING = only("mime");

  @ArchTest static final ArchRule ARCHIVES_COME_IN_MAIL = only("mime.archive", "mime");

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
              "org.caravanmta", "..caravanmta.queue..", "..caravanmta.smtp.server..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.camel..");

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices().matching("org.caravanmta.(**)").should().beFreeOfCycles();

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

  private static ArchRule only(String from, String... to) {
    String[] allowed = new String[to.length + 1];
    for (int i = 0; i < to.length; i++) {
      allowed[i] = "org.caravanmta." + to[i];
    }
    allowed[to.length] = "org.caravanmta." + from + "..";
    return classes()
        .that()
        .resideInAPackage("org.caravanmta." + from)
        .should()
        .onlyDependOnClassesThat(
            com.tngtech.archunit.base.DescribedPredicate.or(
                resideInAnyPackage(allowed),
                com.tngtech.archunit.base.DescribedPredicate.not(resideInAnyPackage(OURS))));
  }
}
