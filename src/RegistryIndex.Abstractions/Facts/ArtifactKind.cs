using System.Text.Json.Serialization;

namespace RegistryIndex;

/// <summary>The kind of artifact that a tag refers to. In JSON, each value is the word in lower case.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ArtifactKind>))]
public enum ArtifactKind
{
    /// <summary>A container image.</summary>
    [JsonStringEnumMemberName("image")]
    Image,

    /// <summary>A Helm chart.</summary>
    [JsonStringEnumMemberName("chart")]
    Chart,

    /// <summary>A WebAssembly module.</summary>
    [JsonStringEnumMemberName("wasm")]
    Wasm,

    /// <summary>A Docker plug-in.</summary>
    [JsonStringEnumMemberName("plugin")]
    Plugin,

    /// <summary>A machine learning model.</summary>
    [JsonStringEnumMemberName("model")]
    Model,

    /// <summary>Something else.</summary>
    [JsonStringEnumMemberName("artifact")]
    Artifact,
}
