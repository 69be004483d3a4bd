using RegistryIndex.DynamoDb.Adoption;
using RegistryIndex.DynamoDb.Tables;

namespace RegistryIndex.DynamoDb.Opening;

/// <summary>What is known of the tables since they were last checked.</summary>
/// <param name="Found">The tables that were found.</param>
/// <param name="Adopter">
/// Knows whether every row has its postings; null if there are no postings and this process must not write any, so that searches scan.
/// </param>
internal sealed record KnownTables(FoundTables Found, Adopter? Adopter);
