using RegistryIndex.Server.Commands;
using RegistryIndex.Server.Hosting;

// Before any other code is loaded or compiled, so that a process that is requested to end during its first moments ends in good order.
var asked = Termination.Listen();
CultureData.DoWithout();
return await CommandLine.RunAsync(args, asked);
