using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace RegistryIndex.EfCore;

/// <summary>The settings of the relational backend, under docker-registry's own key.</summary>
public sealed class EfCoreIndexOptions : IValidatableObject
{
    /// <summary>
    /// <c>sqlalchemy_index_database</c>: an SQLAlchemy URL. <c>sqlite:///relative.db</c>, <c>sqlite:////absolute.db</c>, or
    /// <c>sqlite://</c> for an index in memory that goes with the process.
    /// </summary>
    [Required]
    [ConfigurationKeyName("sqlalchemy_index_database")]
    public string Database { get; set; } = "sqlite:////tmp/docker-registry.db";

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (DatabaseUrl.FindProblem(Database) is { } problem)
            yield return new(problem);
    }
}

[OptionsValidator]
internal sealed partial class EfCoreIndexOptionsValidator : IValidateOptions<EfCoreIndexOptions>;
