namespace RegistryIndex.EfCore.Engines;

/// <summary>
/// A step from one version of our tables to the next. What they hold is made of <c>repository</c>, and is made anew where a step
/// leaves a table empty; so a step is a script. All steps and the filling are one transaction.
/// </summary>
/// <param name="Script">What changes the tables.</param>
/// <param name="LastScript">What comes at the end of the transaction, because readers wait for it; null where nothing does.</param>
public sealed record SchemaStep(string Script, string? LastScript = null);
