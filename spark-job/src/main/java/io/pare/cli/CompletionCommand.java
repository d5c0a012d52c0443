package io.pare.cli;

import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** {@code pare completion}: what a shell needs in order to complete commands and options. */
final class CompletionCommand implements Callable<Integer> {
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
  private final PrintStream out;

  private CompletionCommand(PrintStream out) {
    this.out = out;
  }

  static CommandSpec spec(PrintStream out) {
    CommandSpec spec = new CompletionCommand(out).spec;
    spec.mixinStandardHelpOptions(true);
    spec.usageMessage()
        .description("Prints a completion script for bash and zsh, for a command named pare.");
    Examples.addTo(
        spec,
        "pare completion > ~/.local/share/bash-completion/completions/pare",
        "source <(pare completion)");
    return spec;
  }

  @Override
  public Integer call() {
    CommandLine root = spec.commandLine().getParent();
    out.println(AutoComplete.bash(root.getCommandName(), root));
    return 0;
  }
}
