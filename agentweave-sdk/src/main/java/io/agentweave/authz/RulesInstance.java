package io.agentweave.authz;

import io.agentweave.authz.GrantsFile.Grants;

/**
 * One instance of the rules' module, with memory of its own. Not for two threads at once: shared,
 * it answers one caller with another's decision.
 */
interface RulesInstance {
  /** 64 MiB: the module, the grants, and one question. */
  int MAX_PAGES = 1024;

  /**
   * The JSON array of results. Throws whatever the rules or the engine trip over, and is in no
   * known state afterwards.
   *
   * @param input the input document, as UTF-8
   */
  String evaluate(Grants grants, byte[] input);
}
