Console.WriteLine("Name a benchmark: hub bench import");
