using RegistryIndex.Server.Commands;

// Before anything else is loaded or compiled: a process that is asked to end in its first moments ends in good order, too.
var asked = Termination.Listen();
return await CommandLine.RunAsync(args, asked);
