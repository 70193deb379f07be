package dev.mlops4j.testkit;

import static com.tngtech.archunit.core.domain.JavaModifier.PROTECTED;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Holds the arrows between rooms; a room is the part of a package's name after the root. */
@AnalyzeClasses(packages = ArchitectureTest.ROOT, importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  static final String ROOT = "dev.mlops4j";

  /** Every room, and the other rooms it may use; all of them may use the root package. */
  private static final Map<String, Set<String>> ARROWS =
      Map.ofEntries(
          Map.entry("", Set.of()),
          Map.entry("data", Set.of()),
          Map.entry("report", Set.of("data")),
          Map.entry("storage", Set.of()),
          Map.entry("workspace", Set.of("storage", "report")),
          Map.entry("profile", Set.of("data", "report")),
          Map.entry("validation", Set.of("data", "profile", "report")),
          Map.entry("evaluation", Set.of("data", "report")),
          Map.entry("model", Set.of("data", "profile", "storage", "workspace", "report")),
          Map.entry(
              "feature",
              Set.of("data", "profile", "evaluation", "model", "storage", "workspace", "report")),
          Map.entry("trees", Set.of()),
          Map.entry("tracking", core()),
          Map.entry("pipeline", core("tracking")),
          Map.entry("registry", core()),
          Map.entry("serving", core("registry", "trees")),
          Map.entry("monitoring", core("tracking", "pipeline", "registry")),
          Map.entry(
              "testkit",
              core("tracking", "pipeline", "registry", "serving", "monitoring", "trees")));

  /** The rooms that know not even the root package. */
  private static final Set<String> APART = Set.of("trees");

  private static final Map<String, String> MODULES_OF_ROOMS =
      Map.of(
          "trees", "trees",
          "tracking", "tracking",
          "pipeline", "tracking",
          "registry", "registry",
          "serving", "serving",
          "monitoring", "monitoring",
          "testkit", "testkit");

  @ArchTest
  static final ArchRule everyRoomUsesOnlyTheRoomsItMayUse =
      classes().should(useOnly(ArchitectureTest::mayUse, "use only the rooms of ARROWS"));

  @ArchTest
  static final ArchRule noRoomsFormACycle =
      slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().allowEmptyShould(true);

  @ArchTest
  static final ArchRule noPackagesFormACycle =
      slices().matching(ROOT + ".(**)").should().beFreeOfCycles().allowEmptyShould(true);

  @ArchTest
  static final ArchRule anInternalPackageIsUsedByItsOwnModuleOnly =
      classes()
          .should(
              useOnly(
                  (user, used) ->
                      !isInternal(used) || module(room(user)).equals(module(room(used))),
                  "use no other module's internal package"));

  @ArchTest
  static final ArchRule sqlStaysInStorageAndInClassesNamedJdbc =
      noClasses()
          .that()
          .resideOutsideOfPackages(ROOT + ".storage..", ROOT + ".testkit..")
          .and(are("not named Jdbc*", type -> !outermost(type).getSimpleName().startsWith("Jdbc")))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("java.sql..");

  @ArchTest
  static final ArchRule jsonTypesStayOutOfPublicSignatures =
      classes().should(exposeNoTypeOf("com.fasterxml.jackson"));

  @ArchTest
  static final ArchRule nothingIsReadByJavaSerialization =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.ObjectInputStream")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.ObjectOutputStream");

  @ArchTest
  static final ArchRule noClassIsLoadedByAName =
      noClasses()
          .should()
          .accessTargetWhere(
              target(
                  "looks up a class by its name",
                  it ->
                      (it.getOwner().isEquivalentTo(Class.class) && it.getName().equals("forName"))
                          || (it.getOwner().isAssignableTo(ClassLoader.class)
                              && it.getName().equals("loadClass"))));

  @ArchTest
  static void everyPackageIsARoomWithArrows(JavaClasses classes) {
    assertThat(classes.stream().map(ArchitectureTest::room)).isSubsetOf(ARROWS.keySet());
  }

  @ArchTest
  static void noPackageIsSplitBetweenModules(JavaClasses classes) {
    Map<String, Set<String>> modules =
        classes.stream()
            .collect(
                groupingBy(
                    JavaClass::getPackageName,
                    mapping(ArchitectureTest::origin, toCollection(TreeSet::new))));
    assertThat(modules).allSatisfy((name, origins) -> assertThat(origins).as(name).hasSize(1));
  }

  private static Set<String> core(String... others) {
    Set<String> rooms =
        new HashSet<>(
            Set.of(
                "data",
                "report",
                "storage",
                "workspace",
                "profile",
                "validation",
                "evaluation",
                "model",
                "feature"));
    rooms.addAll(Set.of(others));
    return Set.copyOf(rooms);
  }

  private static boolean mayUse(JavaClass user, JavaClass used) {
    String from = room(user);
    String to = room(used);
    return from.equals(to)
        || (to.isEmpty() && !APART.contains(from))
        || ARROWS.getOrDefault(from, Set.of()).contains(to);
  }

  private static boolean isOurs(JavaClass type) {
    return type.getPackageName().equals(ROOT) || type.getPackageName().startsWith(ROOT + ".");
  }

  private static boolean isInternal(JavaClass type) {
    return (type.getPackageName() + ".").contains(".internal.");
  }

  private static String room(JavaClass type) {
    String name = type.getPackageName();
    return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1).split("\\.", 2)[0];
  }

  private static String module(String room) {
    return MODULES_OF_ROOMS.getOrDefault(room, "core");
  }

  private static String origin(JavaClass type) {
    String uri = type.getSource().orElseThrow().getUri().toString();
    return uri.substring(0, uri.length() - (type.getName().length() + ".class".length()));
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
  }

  private static DescribedPredicate<JavaClass> are(String description, Predicate<JavaClass> test) {
    return DescribedPredicate.describe(description, test);
  }

  private static DescribedPredicate<JavaAccess<?>> target(
      String description, Predicate<AccessTarget> test) {
    return DescribedPredicate.describe(description, access -> test.test(access.getTarget()));
  }

  private static ArchCondition<JavaClass> useOnly(
      BiPredicate<JavaClass, JavaClass> allowed, String description) {
    return new ArchCondition<>(description) {
      @Override
      public void check(JavaClass user, ConditionEvents events) {
        for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
          JavaClass used = dependency.getTargetClass().getBaseComponentType();
          if (isOurs(used) && !allowed.test(user, used)) {
            events.add(violated(user, dependency.getDescription()));
          }
        }
      }
    };
  }

  private static ArchCondition<JavaClass> exposeNoTypeOf(String packageName) {
    return new ArchCondition<>("expose no type of " + packageName) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        if (!isVisible(type)) {
          return;
        }
        Stream<JavaType> parents =
            Stream.concat(type.getSuperclass().stream(), type.getInterfaces().stream());
        report(type, parents, type.getName(), events);
        for (JavaMember member : type.getMembers()) {
          if (member.getModifiers().contains(PUBLIC) || member.getModifiers().contains(PROTECTED)) {
            report(type, signature(member), member.getFullName(), events);
          }
        }
      }

      private void report(
          JavaClass type, Stream<JavaType> types, String where, ConditionEvents events) {
        types
            .flatMap(it -> it.getAllInvolvedRawTypes().stream())
            .filter(it -> it.getPackageName().startsWith(packageName))
            .forEach(it -> events.add(violated(type, where + " exposes " + it.getName())));
      }
    };
  }

  private static boolean isVisible(JavaClass type) {
    return (type.getModifiers().contains(PUBLIC) || type.getModifiers().contains(PROTECTED))
        && !isInternal(type)
        && type.getEnclosingClass().map(ArchitectureTest::isVisible).orElse(true);
  }

  private static Stream<JavaType> signature(JavaMember member) {
    if (member instanceof JavaField field) {
      return Stream.of(field.getType());
    }
    JavaCodeUnit unit = (JavaCodeUnit) member;
    return Stream.of(
            Stream.of(unit.getReturnType()),
            unit.getParameterTypes().stream(),
            unit.getExceptionTypes().stream().map(it -> (JavaType) it))
        .flatMap(it -> it);
  }
}
