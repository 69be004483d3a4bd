using System.Diagnostics.CodeAnalysis;

namespace RegistryIndex.EfCore.Engines;

/// <summary>
/// Announces a database engine, so that <c>sqlalchemy_index_database</c> can name its databases if the engine's package is referenced.
/// </summary>
/// <param name="engine">The engine: an <see cref="IDatabaseEngine"/> with a constructor without parameters.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class DatabaseEngineAttribute([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] Type engine) : Attribute
{
    /// <summary>The engine.</summary>
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)]
    public Type Engine { get; } = engine;
}
