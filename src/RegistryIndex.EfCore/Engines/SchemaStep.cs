namespace RegistryIndex.EfCore.Engines;

/// <summary>
/// A step from one version of our tables to the next. The contents of our tables derive from <c>repository</c>, and are computed again if a step
/// leaves a table empty. So a step is only a script. All steps and the computation of the contents are one transaction.
/// </summary>
/// <param name="Script">The script that changes the tables.</param>
/// <param name="LastScript">A script that runs at the end of the transaction, because readers wait for it; null if there is none.</param>
public sealed record SchemaStep(string Script, string? LastScript = null);
