/**
 * Names by country of the workspace's customers, each list separated by commas. `名|ming` gives the Latin spelling
 * that the e-mail address uses; other names lose their accents there.
 */
export type NameList = { given: string; family: string; familyFirst?: true }

export const NAMES = {
  US: {
    given:
      'Amelia,Marcus,Denise,Tyler,Keisha,Brandon,Olivia,Darnell,Grace,Ethan,Monica,Caleb,Naomi,Jordan,Paige,Victor,Renee,Logan,Tessa,Wyatt,Jasmine,Cole,Maribel,Austin,Brooke,Desmond,Hailey,Ian,Camille,Trevor',
    family:
      "Walker,Ramirez,O'Neil,Jefferson,Kowalczyk,Bennett,Coleman,Whitfield,Nguyen,Sandoval,Fischer,Brooks,Delgado,Pruitt,Hayes,McAllister,Ortega,Stein,Vaughn,Lindgren,Park,Okafor,Barrett,D'Angelo,Chavez,Harmon,Weiss,Mercer,Tran,Boyd",
  },
  GB: {
    given:
      'Charlotte,Oliver,Imogen,Callum,Saira,Gareth,Freya,Tobias,Nadia,Alistair,Bethan,Rhys,Poppy,Hamish,Zara,Dominic,Isla,Kieran,Eleanor,Jamal,Harriet,Euan,Priyanka,Felix,Rosalind,Owen,Tabitha,Sanjay,Georgina,Angus',
    family:
      "Ashworth,Campbell,Patel,Thornton,MacLeod,Hughes,Osei,Fairclough,Begum,Wainwright,Pritchard,Khan,Holloway,O'Connor,Greenwood,Adeyemi,Sinclair,Bramley,Llewellyn,Cartwright,Hussain,Drummond,Eastwood,Rahman,Whittaker,Bell,Sharma,Rowntree,Kerr,Lovell",
  },
  DE: {
    given:
      'Jürgen,Anneliese,Lukas,Käthe,Björn,Franziska,Tobias,Heike,Sören,Leonie,Matthias,Ülkü,Friederike,Niklas,Gül,Bärbel,Torsten,Johanna,Cem,Rüdiger,Mareike,Philipp,Elif,Günther',
    family:
      'Müller,Weißenberg,Schäfer,Vogt,Krüger,Brandt,Hoffmann,Yılmaz,Böhm,Lindner,Jäger,Albrecht,Öztürk,Köhler,Reinhardt,Groß,Winkler,Schröder,Thoma,Bäcker,Engel,Sauer,Dörr,Kaminski',
  },
  FR: {
    given:
      'Hélène,Étienne,Chloé,Jérôme,Maëlys,Théo,Aïcha,François,Noémie,Loïc,Solène,Rémi,Inès,Gaël,Amélie,Benoît,Océane,Yanis,Zoé,Cédric,Margaux,Raphaël,Anaïs,Clément',
    family:
      'Lefèvre,Dubois,Béranger,Moreau,Garçon,Benali,Rousseau,Chevalier,Noël,Fournier,Mercier,Diallo,Le Goff,Perrin,Gauthier,Picard,Traoré,Delacroix,Bouchard,Marchand,Caron,Roussel,Haddad,Lemoine',
  },
  ES: {
    given:
      'Lucía,Íñigo,Begoña,Andrés,Núria,Joaquín,Ángela,Xavier,Rocío,Martín,Inmaculada,Óscar,Leire,Álvaro,Noelia,Jesús,Carmen,Íker,Paloma,Rubén,Montserrat,Adrián,Elena,Gonzalo',
    family:
      'García,Muñoz,Fernández,Ibáñez,Peña,Domínguez,Núñez,Castaño,Rodríguez,Soler,Marín,Etxeberria,Vázquez,Giménez,Puig,Herrero,Cortés,Sáez,Navarro,Otero,Molina,Quesada,Rubio,Bermejo',
  },
  PL: {
    given:
      'Łukasz,Małgorzata,Paweł,Zofia,Wojciech,Agnieszka,Michał,Bożena,Grzegorz,Kinga,Stanisław,Elżbieta,Jędrzej,Dorota,Mikołaj,Halina,Krzysztof,Iwona',
    family:
      'Wiśniewski,Nowak,Kamińska,Zieliński,Szymańska,Dąbrowski,Wójcik,Kaczmarek,Głowacka,Pawłowski,Jabłońska,Król,Wróbel,Sikora,Żak,Mazur,Górska,Baran',
  },
  SE: {
    given:
      'Åsa,Björn,Linnéa,Göran,Maja,Håkan,Ebba,Jörgen,Alva,Nils,Frida,Anders,Saga,Viktor,Ylva,Måns,Signe,Rasmus',
    family:
      'Lindström,Åkesson,Sjöberg,Nyström,Bergqvist,Hägglund,Ekström,Löfgren,Wallin,Östberg,Dahl,Sandström,Ahmadi,Norén,Fälth,Hedlund,Ström,Öberg',
  },
  BR: {
    given:
      'João,Mariana,Thiago,Letícia,André,Conceição,Rafael,Beatriz,Antônio,Lívia,Gustavo,Patrícia,Caio,Débora,Vinícius,Simone,Estêvão,Natália',
    family:
      'Gonçalves,Araújo,Silva,Magalhães,Souza,Assunção,Pereira,Brandão,Teixeira,Falcão,Nascimento,Leitão,Moraes,Guimarães,Ribeiro,Prado,Simões,Bragança',
  },
  CN: {
    given:
      '伟|wei,芳|fang,秀英|xiuying,建国|jianguo,丽娜|lina,子轩|zixuan,雨桐|yutong,浩然|haoran,佳怡|jiayi,明月|mingyue,志强|zhiqiang,梓涵|zihan,晓东|xiaodong,婷婷|tingting,俊杰|junjie,思远|siyuan,美玲|meiling,文博|wenbo',
    family:
      '王|wang,李|li,张|zhang,刘|liu,陈|chen,杨|yang,黄|huang,赵|zhao,周|zhou,吴|wu,欧阳|ouyang,徐|xu,孙|sun,林|lin,郭|guo,何|he,梁|liang,许|xu',
    familyFirst: true,
  },
  AE: {
    given:
      'أحمد|ahmed,فاطمة|fatima,ليلى|layla,خالد|khalid,مريم|maryam,يوسف|yousef,نورا|noura,عمر|omar,سارة|sara,حسن|hassan,هند|hind,طارق|tariq,ريم|reem,سلمان|salman,دانة|dana,زياد|ziad,لبنى|lubna,فيصل|faisal',
    family:
      'المنصوري|almansoori,حداد|haddad,النعيمي|alnuaimi,خوري|khoury,الشامسي|alshamsi,ناصر|nasser,الكعبي|alkaabi,صالح|saleh,الهاشمي|alhashimi,مراد|murad,القاسمي|alqasimi,درويش|darwish,الزعابي|alzaabi,حمدان|hamdan,بركات|barakat,المرزوقي|almarzooqi,عيسى|issa,سعيد|saeed',
  },
  IN: {
    given:
      'Aarav,Meera,Rohan,Ananya,Vikram,Kavita,Arjun,Lakshmi,Siddharth,Pooja,Nikhil,Deepa,Farhan,Ishita,Manish,Shreya,Gurpreet,Divya',
    family:
      'Iyer,Chatterjee,Reddy,Kapoor,Deshpande,Menon,Gill,Banerjee,Joshi,Qureshi,Nair,Mehta,Pillai,Verma,Bhatt,Das,Rao,Singh',
  },
  AU: {
    given:
      'Lachlan,Matilda,Angus,Ruby,Declan,Kirra,Mitchell,Saskia,Harrison,Tahlia,Bronte,Flynn,Alinta,Jarrah,Phoebe,Cooper,Minh,Georgia',
    family:
      "McKenzie,Papadopoulos,O'Shea,Pham,Gallagher,Wirrpanda,Fitzgerald,Romano,Doyle,Stavros,Blackwood,Chen,Hartley,Moretti,Quigley,Sutton,Le,Ferguson",
  },
} as const satisfies Record<string, NameList>

/** The two-letter code of a country the customers live in. */
export type Country = keyof typeof NAMES
