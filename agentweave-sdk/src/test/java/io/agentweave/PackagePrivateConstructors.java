package io.agentweave;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** Nobody outside its package can make one. */
final class PackagePrivateConstructors extends ArchCondition<JavaClass> {
  static final PackagePrivateConstructors ONLY = new PackagePrivateConstructors();

  private PackagePrivateConstructors() {
    super("have no public or protected constructor, and be final");
  }

  @Override
  public void check(JavaClass type, ConditionEvents events) {
    boolean closed = type.getModifiers().contains(JavaModifier.FINAL);
    for (JavaConstructor constructor : type.getConstructors()) {
      closed &=
          !constructor.getModifiers().contains(JavaModifier.PUBLIC)
              && !constructor.getModifiers().contains(JavaModifier.PROTECTED);
    }
    events.add(new SimpleConditionEvent(type, closed, type.getName() + " can be made anywhere"));
  }
}
