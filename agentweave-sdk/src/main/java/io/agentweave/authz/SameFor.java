package io.agentweave.authz;

/**
 * What a policy says of its own answer: that it would give the same one to every question that
 * differs from the answered one only in the size of the payload, within these bounds, and, where
 * any time will do, in the time.
 *
 * @param payloadFrom smallest payload in bytes, inclusive
 * @param payloadTo largest, inclusive
 * @param anyTime whether another hour or weekday makes no difference
 */
record SameFor(long payloadFrom, long payloadTo, boolean anyTime) {

  /**
   * Whether the answer given in {@code hourOfWeek} is that to this question, which must be like the
   * answered one in all but size and time.
   */
  boolean covers(PolicyInput input, int hourOfWeek) {
    int size = input.call().payload().size();
    return payloadFrom <= size
        && size <= payloadTo
        && (anyTime || hourOfWeek == ReuseKey.hourOfWeek(input));
  }
}
