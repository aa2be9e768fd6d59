namespace CampaignHub.Benchmarks;

/// <summary>Invented people's names and streets in one language.</summary>
/// <param name="Given">Given names.</param>
/// <param name="Family">Family names.</param>
/// <param name="Street">A street's address; {0} is the house number.</param>
internal sealed record CustomerNames(string[] Given, string[] Family, string[] Street)
{
    public static readonly IReadOnlyDictionary<string, CustomerNames> ByLanguage = new Dictionary<string, CustomerNames>
    {
        ["en"] = Of("Alice Ben Chloe Daniel Emma Frank Grace Henry Isla Jack Kate Liam Mia Noah Olivia Peter Ruby Sam Tess Will",
            "Archer Barlow Carver Dalton Ellery Fenwick Garland Hollis Ingram Jarvis Keswick Lowell Mercer Norwood O'Dell Prescott",
            "{0} Mill Lane", "{0} Orchard Rd", "Flat 2, {0} Harbour St", "{0} Elm Ave", "Unit 7, {0} Station Parade"),
        ["de"] = Of("Anna Björn Clara Dieter Eva Felix Greta Hannes Ida Jörg Katrin Lukas Mona Nils Petra Rüdiger Sören Uta",
            "Ackermann Böhm Dörfler Ebers Fröhlich Grünwald Hölzl Jäger Kühn Löffler Möbius Nußbaum Öhler Pfeiffer Strauß",
            "Lindenweg {0}", "Am Mühlbach {0}", "Große Gasse {0}, Hinterhaus", "Bahnhofstraße {0}"),
        ["fr"] = Of("Amélie Baptiste Chloé Didier Élise François Gaëlle Hugo Inès Jérôme Léa Mathéo Noémie Océane Rémi Zoé",
            "Aubry Bérard Châtelain Delorme Évrard Fontaine Garçon Lefèvre Maréchal Noël Pélissier Rivière d'Aubigny",
            "{0} rue des Tilleuls", "{0}, place du Marché", "{0} bis, quai aux Fleurs", "{0} avenue de l'Étang"),
        ["es"] = Of("Álvaro Belén Carlos Dolores Emilio Fátima Íñigo José Lucía Martín Nuria Óscar Pilar Rocío Sofía Tomás",
            "Aguilera|Benítez|Castaño|de la Vega|Echeverría|Fuentes|Gálvez|Ibáñez|Jiménez|Muñoz|Núñez|Peñalver|Quiñones",
            "Calle Mayor, {0}", "Av. del Sol {0}, 3º B", "Plaza Nueva {0}", "Camino Real {0}"),
        ["pt"] = Of("Ana André Beatriz Caio Conceição Davi Fábio Inês João Letícia Luís Márcia Otávio Patrícia Simão Vítor",
            "Antunes|Brandão|Carvalhão|da Conceição|Esteves|Figueirôa|Guimarães|Leitão|Magalhães|Nóbrega|Pinhão|Simões",
            "Rua das Flores, {0}", "Av. Central, {0}, ap. 12", "Travessa do Sol {0}"),
        ["it"] = Of("Alba Bruno Carla Dario Elena Fabio Gioia Ivo Lia Marco Nicolò Ornella Piero Rosalía Silvio Zita",
            "Amadei|Bellucci|Corsini|D'Amico|Fabbri|Gallo|Lombardi|Moretti|Nicolosi|Orsini|Pellegrini|Santoro",
            "Via dei Tigli, {0}", "Piazza Vecchia {0}", "Corso Nuovo, {0}/B"),
        ["nl"] = Of("Anouk Bram Daan Eefje Femke Gijs Hendrik Joost Lotte Maaike Niels Pieter Sanne Wouter",
            "Bakker|van den Berg|de Vries|Dijkstra|van 't Hof|Kuiper|Mulder|Noordhoek|Smit|Visser", "Molenweg {0}", "Grachtkade {0}-II"),
        ["sv"] = Of("Åsa Björn Eirik Frøya Gunnar Håkon Ingrid Jørgen Kåre Linnéa Märta Øyvind Siv Tuomas Väinö Åke",
            "Ågren Bergström Dahl Ekström Fjeld Grønn Hämäläinen Johansen Kjær Lindqvist Mäkelä Nygård Østby Sjöberg",
            "Björkvägen {0}", "Strandgata {0}", "Møllevej {0}, st. tv.", "Koivukatu {0}"),
        ["pl"] = Of("Agnieszka Bartłomiej Čeněk Dušan Ewa Grażyna Jiří Kateřina Łukasz Małgorzata Ondřej Paweł Růžena Świętosława Zdeněk",
            "Brzęczyk Černý Dvořák Głowacki Jaśkiewicz Kovář Krzywonos Łęcki Novotná Říha Szczęsny Źrebiec Żuraw", "ul. Lipowa {0}/4", "Na Příkopě {0}", "os. Słoneczne {0}, m. 8"),
        ["tr"] = Of("Aslı Barış Çağla Doğan Elif Gökhan İpek Kübra Murat Özge Şule Tuğçe Uğur Yiğit Zeynep",
            "Aydın Bağcı Çelik Demirtaş Erdoğdu Güneş Işık Karaağaç Özçelik Şimşek Yıldız", "Çınar Sok. No: {0}", "Atlı Cad. {0}, D: 5"),
        ["ru"] = Of("Алексей Вера Григорий Дарья Ефим Жанна Игорь Ксения Лев Марина Никита Ольга Пётр Светлана Фёдор Юлия",
            "Берёзкин Воробьёва Горин Дёмин Ежов Журавлёва Зимин Ильина Крылов Лугова Мельник Ручьёв Соколова Щеглов",
            "ул. Лесная, {0}", "пр. Мира, д. {0}, кв. 14", "наб. Речная, {0}"),
        ["el"] = Of("Αγγελική Βασίλης Γεωργία Δημήτρης Ελένη Θανάσης Ιωάννα Κώστας Μαρία Νίκος Σοφία Χρήστος",
            "Αλεξίου Βλάχος Γαλάνη Δούκας Ζήσης Καλλέργης Λάσκαρη Μακρής Παππά Ρήγας", "Οδός Ελιάς {0}", "Λεωφ. Θαλάσσης {0}"),
        ["ar"] = Of("أحمد بسمة جميل حنان خالد دينا رامي سلمى طارق عائشة فادي ليلى مريم نادر هدى ياسين",
            "الأمين البحري التميمي الحداد الخطيب الزهراني السالم العطار الفارس القاضي النجار الهاشمي", "شارع النخيل {0}", "حي الزهور، مبنى {0}"),
        ["he"] = Of("אבי דנה חיים טל יעל ליאור מיכל נועה עידו רותם שירה תומר", "אלון ברק גולן דגן הראל כרמי לביא נווה עמית שדה", "רחוב הדקל {0}", "שדרות הים {0}, דירה 3"),
        ["hi"] = Of("अनिता अर्जुन दीपक गौरी हरीश कविता लक्ष्मी मोहन नेहा प्रिया राजेश सुनीता विकास", "अग्रवाल चौहान देसाई गुप्ता जोशी कुलकर्णी मेहता नायर पटेल शर्मा", "{0}, गांधी मार्ग", "{0}, नदी रोड, दूसरी मंज़िल"),
        ["th"] = Of("กมล จันทร์ ชาติ ดวงใจ ธนา นภา ปิติ มาลี วิชัย สมหญิง อรุณ", "แก้วใส ชัยดี ทองมา บุญช่วย พงษ์ไพร รักไทย ศรีสุข แสงทอง", "{0} ถนนดอกไม้", "{0}/7 ซอยสวน"),
        ["vi"] = Of("Ánh Bình Châu Dũng Đức Giang Hằng Khánh Lệ Mỹ Ngọc Phượng Quỳnh Thắng Uyên", "Bùi Cao Đặng Đỗ Hoàng Huỳnh Lê Nguyễn Phạm Trần Vũ", "{0} Đường Hoa Sen", "{0} Phố Cũ, Phường 3"),
        ["zh"] = Of("伟 芳 秀英 敏 静 强 磊 洋 艳 勇 军 杰 娟 涛 明 超 霞 平", "王 李 张 刘 陈 杨 黄 赵 吴 周 徐 孙 欧阳 司马", "花园路{0}号", "中山路{0}号3单元502室", "新街{0}号"),
        ["ja"] = Of("翔太 美咲 健一 さくら 大輔 陽子 拓海 結衣 直樹 真由美 ケンジ 愛", "佐藤 鈴木 高橋 田中 渡辺 伊藤 山本 中村 小林 斎藤 髙木", "桜町{0}-2-3", "本町{0}丁目4番5号", "緑が丘{0}"),
        ["ko"] = Of("민준 서연 도윤 지우 예준 하은 시우 수아 주원 지민 은우 다은", "김 이 박 최 정 강 조 윤 장 임 남궁", "꽃길 {0}", "중앙로 {0}, 101동 202호"),
        ["id"] = Of("Adi Bunga Citra Dewi Eko Fitri Galih Hendra Intan Joko Kartika Lestari Made Putu Rini Wayan",
            "Hartono Kusuma Lestari Nugroho Pratama Rahayu Saputra Setiawan Wibowo Wijaya", "Jl. Melati No. {0}", "Jl. Raya Timur {0}, RT 02/RW 05"),
        ["af"] = Of("Achieng Chidi Folake Imani Jabu Kofi Lerato Nkechi Olúwaṣeun Sipho Thandeka Wanjirũ Zola",
            "Adébáyò Botha Dlamini Eze Kamau Mokoena Ndlovu Ọlátúnjí Otieno Uche van Wyk", "{0} Baobab Close", "Plot {0}, Market Road"),
    };

    // Family names of several words are parted by bars.
    private static CustomerNames Of(string given, string family, params string[] streets) =>
        new(given.Split(' '), family.Split(family.Contains('|', StringComparison.Ordinal) ? '|' : ' '), streets);
}
