using RegistryIndex.DynamoDb.Adoption;

namespace RegistryIndex.DynamoDb.Tables;

/// <summary>What is known of the tables since they were last looked at.</summary>
/// <param name="Found">Which tables it is true of.</param>
/// <param name="Adopter">
/// Knows whether every row has its postings; null where there are none and nobody is to write any, so that searches scan.
/// </param>
internal sealed record KnownTables(FoundTables Found, Adopter? Adopter);
