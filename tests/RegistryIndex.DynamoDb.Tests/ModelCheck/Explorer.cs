using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace RegistryIndex.DynamoDb.Tests.ModelCheck;

/// <summary>The result of exploring a scenario.</summary>
/// <param name="States">The number of distinct states, or of those seen before the fault.</param>
/// <param name="Fault">The fault and the shortest sequence of steps to it. Null if there is none.</param>
internal sealed record Exploration(int States, Fault? Fault);

/// <summary>A fault.</summary>
/// <param name="What">The description of the fault.</param>
/// <param name="Steps">The steps that lead to it.</param>
internal sealed record Fault(string What, IReadOnlyList<string> Steps)
{
    public override string ToString() => string.Join(Environment.NewLine, Steps.Append("=> " + What));
}

/// <summary>
/// Runs a scenario in every possible order. The explorer reaches a state again by repeating its steps from the start, because running code
/// cannot be copied. It visits each state once.
/// </summary>
internal sealed class Explorer(Scenario scenario)
{
    private const int MostStates = 500_000;

    /// <summary>Explores the whole scenario, or finds the shortest way to a fault.</summary>
    public static async Task<Exploration> ExploreAsync(Scenario scenario)
    {
        // On a thread without a synchronization context, all code continues only when the schedule lets it.
        var result = await Task.Run(() => new Explorer(scenario).Explore(breadthFirst: false));
        return result.Fault is null ? result : await Task.Run(() => new Explorer(scenario).Explore(breadthFirst: true));
    }

    private Exploration Explore(bool breadthFirst)
    {
        var judge = new Judge(scenario);
        HashSet<UInt128> seen = [];
        LinkedList<Path> open = [];
        open.AddLast(new Path(null, default));
        while (open.Count > 0)
        {
            var path = breadthFirst ? open.First!.Value : open.Last!.Value;
            if (breadthFirst)
                open.RemoveFirst();
            else
                open.RemoveLast();
            var world = Replay(path);
            while (seen.Add(Digest(world.ToString())))
            {
                if (seen.Count > MostStates)
                    throw new InvalidOperationException($"'{scenario}' has more than {MostStates} states; make it smaller.");
                var steps = world.Steps();
                if ((steps.Count == 0 || !scenario.IsJudgedAtTheEnd) && judge.FindFault(world) is { } fault)
                    return new(seen.Count, new Fault(fault, Tell(path)));
                for (var choice = steps.Count - 1; choice >= (breadthFirst ? 0 : 1); choice--)
                    open.AddLast(new Path(path, steps[choice]));
                if (breadthFirst || steps.Count == 0)
                    break;
                // To continue from here saves repeating the path.
                path = new Path(path, steps[0]);
                world.Do(steps[0]);
            }
        }

        return new(seen.Count, null);
    }

    // The states themselves would take much memory. A collision of two digests is not to be expected.
    private static UInt128 Digest(string state) => BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(MemoryMarshal.AsBytes(state.AsSpan())));

    private World Replay(Path path)
    {
        var world = new World(scenario);
        foreach (var step in path.Steps())
            world.Do(step);
        return world;
    }

    private List<string> Tell(Path path)
    {
        List<string> told = [];
        var world = new World(scenario);
        foreach (var step in path.Steps())
        {
            var process = step.Process is { } number ? world.Processes[number] : null;
            var (what, known) = (world.Show(step), process?.Seen.Count ?? 0);
            world.Do(step);
            told.Add($"{told.Count + 1,3}. {(process is null ? what : process.Tell(what, known))}");
        }

        return told;
    }

    private sealed class Path(Path? parent, Step step)
    {
        private readonly Path? _parent = parent;
        private readonly Step _step = step;

        public Stack<Step> Steps()
        {
            var steps = new Stack<Step>();
            for (var path = this; path._parent is not null; path = path._parent)
                steps.Push(path._step);
            return steps;
        }
    }
}
